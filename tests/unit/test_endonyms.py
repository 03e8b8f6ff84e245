"""Names whose English spelling is a choice."""

from __future__ import annotations

import pytest

from models.endonyms import followed
from models.languages import Direction, Language

RU, UK, EN = Language.RU, Language.UK, Language.EN


@pytest.mark.parametrize(
    ("source", "target", "written"),
    [
        ("У Києві та на Донбасі", "In Kiev and in Donbass", "In Kyiv and in Donbas"),
        ("Київські лікарі", "Kiev's doctors", "Kyiv's doctors"),
        ("Зеленський у Миколаєві", "Zelensky in Nikolaev", "Zelenskyy in Mykolaiv"),
        ("Чорнобильська АЕС", "the Chernobyl NPP", "the Chornobyl NPP"),
        ("У Кривому Розі", "In Krivoy Rog", "In Kryvyi Rih"),
        ("Українці в Одесі", "Ukrainians in Odessa", "Ukrainians in Odesa"),
        ("Він їв котлету", "He ate chicken Kiev", "He ate chicken Kiev"),
        ("Київ і Зеленський", "Kyiv and Zelenskyy", "Kyiv and Zelenskyy"),
        ("Донбасенерго", "Donbassenergo", "Donbassenergo"),
    ],
)
def test_a_ukrainian_source_is_followed(source: str, target: str, written: str) -> None:
    assert followed(source, target, Direction(UK, EN)) == written


@pytest.mark.parametrize("direction", [Direction(RU, EN), Direction(UK, RU), Direction(EN, UK)])
def test_other_directions_stay(direction: Direction) -> None:
    assert followed("Киев, Київ", "Kiev", direction) == "Kiev"
