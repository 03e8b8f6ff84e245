from __future__ import annotations

import pytest

from alignment.entities import entities, key, skeleton


@pytest.mark.parametrize(
    "names",
    [
        [
            ("Харків", "uk"),
            ("Харкові", "uk"),
            ("Харьков", "ru"),
            ("Kharkiv", "en"),
            ("Kharkov", "en"),
        ],
        [("Песковым", "ru"), ("Дмитрия Пескова", "ru"), ("Пєскову", "uk"), ("Dmitry Peskov", "en")],
        [("Київ", "uk"), ("Киева", "ru"), ("Kyiv", "en"), ("Kiev", "en")],
        [("Вене", "ru"), ("Відні", "uk"), ("Vienna", "en")],
        [("Данию", "ru"), ("Данії", "uk"), ("Denmark", "en")],
        [("Луну", "ru"), ("Місяцем", "uk"), ("the Moon", "en")],
        [("МАГАТЭ", "ru"), ("МАГАТЕ", "uk"), ("IAEA", "en")],
        # not in the alias table: the consonant skeleton
        [("Щербакова", "ru"), ("Щербаков", "uk"), ("Shcherbakov", "en")],
        [("Хоменко", "uk"), ("Khomenko", "en")],
        [("Назара Волошина", "ru"), ("Волошин", "uk"), ("Nazar Voloshyn", "en")],
        [("Каневским", "ru"), ("Каневський", "uk"), ("Kanevsky", "en"), ("Kanevskyi", "en")],
    ],
)
def test_spellings_and_cases_of_a_name_share_one_key(names: list[tuple[str, str]]) -> None:
    assert len({key(name, language) for name, language in names}) == 1


def test_different_names_have_different_keys() -> None:
    assert key("Одесса", "ru") != key("Херсон", "ru")
    assert key("Волошин", "uk") != key("Волков", "uk")


@pytest.mark.parametrize("text", ["Місяць тому вибухнув склад.", "Дані свідчать про зростання."])
def test_a_common_word_that_opens_a_sentence_is_no_place(text: str) -> None:
    assert [e for e in entities(text, "uk") if e.kind == "place"] == []


def test_kinds_and_spans() -> None:
    text = "Министр обороны Андрей Белоусов заявил в Москве, что Иван Петров из «Росатома» ранен."
    found = {e.text: (e.kind, e.key) for e in entities(text, "ru", offset=7)}
    assert found["Андрей Белоусов"] == ("person", "person:belousov")
    assert found["Москве"] == ("place", "place:moscow")
    assert found["Росатома"] == ("organisation", "organisation:rosatom")
    assert found["Иван Петров"][0] == "person"
    assert all(text[e.start - 7 : e.end - 7] == e.text for e in entities(text, "ru", offset=7))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Sanctions will be widened next month.", "en"),
        ("Russia-controlled areas", "en"),
        ("Силы ПВО сработали.", "ru"),
        ("Уночі знищено дрони.", "uk"),
    ],
)
def test_a_capital_at_the_start_makes_no_name(text: str, language: str) -> None:
    assert entities(text, language) == []


def test_a_name_without_consonants_is_kept() -> None:
    assert skeleton("Юй")
    assert skeleton("Aoi")
