from __future__ import annotations

from datetime import UTC, datetime
from unittest.mock import Mock

import pytest

from alignment import contrasts
from alignment.claims import Claim
from alignment.contrasts import relate, relation, term_contrasts
from tests.wordings import whole

PUBLISHED = datetime(2025, 3, 5, 10, tzinfo=UTC)


def claim(language: str, text: str) -> Claim:
    return whole(text, language, PUBLISHED)


@pytest.mark.parametrize(
    ("a", "b", "label"),
    [
        (
            ("ru", "В Харькове погибли три человека."),
            ("en", "Three people were killed in Kharkiv."),
            "same",
        ),
        (
            ("ru", "В Харькове погибли три человека."),
            ("en", "Four people were killed in Kharkiv."),
            "conflicting",
        ),
        (
            ("ru", "24 февраля погибли пять человек."),
            ("en", "Five people died on Monday."),
            "conflicting",
        ),
        (("uk", "У Харкові загинули троє людей."), ("ru", "В Одессе погибли трое."), "related"),
        (("ru", "Россия атаковала Украину."), ("en", "Ukraine attacked Russia."), "related"),
        (("ru", "Россия атаковала Украину."), ("en", "Ukraine was attacked by Russia."), "same"),
        (
            ("uk", "Пєсков заперечив, що Росія атакувала Харків."),
            ("en", "Russia attacked Kharkiv."),
            "denies",
        ),
        (
            ("uk", "Пєсков заперечив, що удар був."),
            ("en", "There was no strike, Peskov said."),
            "same",
        ),
        (("ru", "Вероятно, мост разрушен."), ("en", "The bridge is destroyed."), "same"),
        (("ru", "Никто не пострадал."), ("en", "No one was hurt."), "same"),
        (("ru", "Не менее 40 дронов сбиты."), ("en", "42 drones were shot down."), "broader"),
        (("en", "About 40 drones were shot down."), ("uk", "Збито 42 дрони."), "broader"),
        (("en", "About 40 drones were shot down."), ("uk", "Збито 40 дронів."), "same"),
        (("ru", "Собралось несколько сотен человек."), ("en", "3,000 people came."), "conflicting"),
        (("ru", "Семьям дадут по 1,3 млн тенге."), ("en", "Families get £2,000."), "same"),
        (("en", "The blast was at 5:52 a.m."), ("ru", "Взрыв был около шести утра."), "narrower"),
        # A month in its year is more exact.
        (("ru", "В 2023 году погибли 46 человек."), ("en", "In May 2023, 46 died."), "broader"),
        (("en", "3,500 people were evacuated."), ("uk", "Евакуйовано 3480 людей."), "same"),
        (("en", "Two people were killed, five hurt."), ("uk", "Загинули двоє людей."), "narrower"),
        (("ru", "Киев атаковала Россия."), ("en", "Moscow attacked Kyiv."), "same"),
        # A share in words is rounded, and looser than the figure it stands for.
        (
            ("en", "Three quarters of Germans support the law."),
            ("ru", "74% немцев поддерживают закон."),
            "broader",
        ),
        (
            ("en", "A third of Germans support the law."),
            ("ru", "74% немцев поддерживают закон."),
            "conflicting",
        ),
        # Who is against denies nothing of another who is against, whatever the words.
        (
            ("en", "Three quarters of Germans oppose the deal."),
            ("uk", "Три чверті німців проти угоди."),
            "same",
        ),
        (
            ("uk", "74% німців не згодні на угоду."),
            ("ru", "Против сделки 74% немцев."),
            "same",
        ),
        # A rank that only one side gives is no more than its wording.
        (
            ("en", "The second round of talks is planned for February 4."),
            ("uk", "Раунд переговорів заплановано на 4 лютого."),
            "same",
        ),
        (("ru", "Удар не подтверждён."), ("en", "The strike took place."), "related"),
        (
            ("ru", "Без ухода войск мира не будет."),
            ("en", "Peace begins with the withdrawal of troops."),
            "same",
        ),
        (
            ("en", "There can be no peace until troops leave."),
            ("uk", "Без виходу військ миру не буде."),
            "same",
        ),
        (("uk", "Світла не було."), ("ru", "Жители лишились света."), "same"),
        (
            ("en", "The issues are complex and no breakthrough is expected."),
            ("uk", "Чекати прориву не варто, питання складні."),
            "same",
        ),
        (("uk", "Речник назвав це вигадкою: завод порожній."), ("ru", "Завод пуст."), "same"),
        (("uk", "Речник назвав це вигадкою: «Завод порожній»."), ("ru", "Завод пуст."), "same"),
        (("ru", "Жители не лишились света."), ("en", "Residents lost power."), "denies"),
        (
            ("ru", "Насчитали 18 беспилотников, из которых 14 сбиты."),
            ("en", "14 drones were shot down."),
            "narrower",
        ),
        (
            ("ru", "Трое погибли, пятеро ранены."),
            ("en", "Five people were killed and three wounded."),
            "conflicting",
        ),
        (("uk", "Завтра в місті жалоба."), ("en", "Thursday is a day of mourning."), "same"),
        (
            ("ru", "Ракета попала в дом на Салтовке."),
            ("en", "A house in Saltivka was hit."),
            "same",
        ),
        (("uk", "Удар по Салтівському району."), ("ru", "Удар по Салтовке."), "same"),
    ],
)
def test_label_and_its_mirror(a: tuple[str, str], b: tuple[str, str], label: str) -> None:
    one, other = claim(*a), claim(*b)
    assert relation(one, other).label == label
    mirror = {"broader": "narrower", "narrower": "broader"}.get(label, label)
    assert relation(other, one).label == mirror


@pytest.mark.parametrize(
    ("a", "b", "label"),
    [
        (
            ("en", "The fire destroyed 3,000 tonnes of grain."),
            ("uk", "Збитки від пожежі сягнули 40 мільйонів гривень."),
            "related",
        ),
        (
            ("en", "The fire destroyed 3,000 tonnes of grain."),
            ("uk", "Пожежа знищила зерно."),
            "narrower",
        ),
        (
            ("en", "The fire killed two people and destroyed 3,000 tonnes of grain."),
            ("uk", "Пожежа забрала життя двох людей, збитки сягнули 40 мільйонів гривень."),
            "same",
        ),
        (("ru", "Сбиты 14 беспилотников."), ("uk", "14 збито, ще 3 зникли."), "same"),
        (
            ("ru", "Погибла девочка восьми лет."),
            ("en", "A 7-year-old girl was killed."),
            "conflicting",
        ),
    ],
)
def test_figures_of_different_things_neither_agree_nor_conflict(
    a: tuple[str, str], b: tuple[str, str], label: str
) -> None:
    assert relation(claim(*a), claim(*b)).label == label


def test_hours_that_a_zone_explains_agree_and_the_evidence_names_the_zones() -> None:
    found = relation(
        claim("ru", "Взрыв прогремел в 15:00."), claim("uk", "Вибух пролунав о 14:00.")
    )
    assert (found.label, [e.rule for e in found.evidence]) == ("same", ["time-zone"])
    assert "Moscow and Kyiv" in found.reasons[0]
    other_way = relation(
        claim("ru", "Взрыв прогремел в 14:00."), claim("uk", "Вибух пролунав о 15:00.")
    )
    assert other_way.label == "conflicting"


@pytest.mark.parametrize(
    ("a", "b", "label"),
    [
        (
            ("en", "The jury acquitted the pilot."),
            ("ru", "Присяжные признали пилота виновным."),
            "denies",
        ),
        (("en", "The court convicted the pilot."), ("uk", "Суд не виправдав пілота."), "same"),
        (("ru", "Импорт мяса запрещён."), ("uk", "Імпорт м'яса дозволено."), "denies"),
        (("ru", "Спрос на уголь вырос."), ("en", "Demand for coal fell."), "denies"),
        (("en", "Demand fell in May and rose in June."), ("ru", "Спрос вырос."), "same"),
        (("ru", "Рубль подешевел к доллару."), ("en", "The dollar rose."), "same"),
        (("ru", "Ракета упала на поле."), ("uk", "Дим піднявся над полем."), "same"),
        (("en", "Denied that the bridge was hit."), ("ru", "Мост не поражён."), "same"),
        (("uk", "Метро працювало лише як укриття."), ("ru", "Метро не работало."), "same"),
    ],
)
def test_contrary_words_deny_unless_a_negation_turns_them(
    a: tuple[str, str], b: tuple[str, str], label: str
) -> None:
    found = relation(claim(*a), claim(*b))
    assert found.label == label
    assert [e.rule for e in found.evidence if e.rule == "opposite"] == ["opposite"] * (
        label == "denies"
    )


@pytest.mark.parametrize(
    ("a", "b", "label"),
    [
        (("en", "The summit is in Buenos Aires."), ("ru", "Саммит в Буэнос-Айресе."), "same"),
        (("en", "Apple was sued by Nokia."), ("uk", "Nokia подала до суду на Apple."), "same"),
        (("en", "Nokia sued Apple."), ("ru", "Apple подала в суд на Nokia."), "related"),
        (
            ("ru", "«Зенит» уступил «Спартаку»."),
            ("uk", "«Спартак» поступився «Зеніту»."),
            "related",
        ),
        (("en", "The team beat Ferencvaros."), ("ru", "Команда обыграла «Ференцварош»."), "same"),
        (("en", "The probe orbits the Moon."), ("uk", "Зонд обертається навколо Місяця."), "same"),
        (("en", "Macron called Zelensky."), ("ru", "Шольц позвонил Зеленскому."), "related"),
    ],
)
def test_names_of_several_words_and_names_that_open_a_claim(
    a: tuple[str, str], b: tuple[str, str], label: str
) -> None:
    assert relation(claim(*a), claim(*b)).label == label


def test_a_denial_comes_before_a_conflict_and_both_are_reasons() -> None:
    told = claim("ru", "В Харькове погибли пять человек.")
    found = relation(told, claim("en", "Peskov denied that seven people had died in Kharkiv."))
    assert found.label == "denies"
    assert [e.rule for e in found.evidence] == ["denies", "number"]


def test_a_plain_negation_yields_to_a_conflict_and_both_are_reasons() -> None:
    found = relation(
        claim("ru", "Шестерых горняков не нашли."),
        claim("en", "Two miners are on the surface again."),
    )
    assert found.label == "conflicting"
    assert {e.rule for e in found.evidence} >= {"denies", "number"}


@pytest.mark.parametrize(
    ("a", "b", "label"),
    [
        (("en", "The airport was shut."), ("uk", "Аеропорт не працював."), "same"),
        (("ru", "Пакет санкций отложен."), ("en", "The package did not get through."), "same"),
        (("ru", "Работу аэропорта не останавливали."), ("en", "The airport was shut."), "denies"),
        (("en", "Too early to tell if it was an attack."), ("uk", "Це був напад."), "related"),
        (("uk", "Рішення ще не ухвалено."), ("en", "He has yet to decide."), "same"),
        (("en", "Officials do not doubt that it was an attack."), ("uk", "Це був напад."), "same"),
    ],
)
def test_what_is_shut_does_not_work_and_what_is_open_is_no_denial(
    a: tuple[str, str], b: tuple[str, str], label: str
) -> None:
    assert relation(claim(*a), claim(*b)).label == label


def test_reasons_name_the_spans_of_both_sides() -> None:
    a, b = claim("ru", "Погибли три человека."), claim("en", "Four people were killed.")
    found = relation(a, b)
    assert "“три человека”" in found.reasons[0]
    assert "“Four people”" in found.reasons[0]
    assert found.evidence[0].a[0].start == a.quantities[0].start
    assert found.evidence[0].b[0].start == b.quantities[0].start


def test_a_hedge_is_a_reason_and_no_other_label() -> None:
    found = relation(
        claim("ru", "Вероятно, мост разрушен."), claim("en", "The bridge is destroyed.")
    )
    assert (found.label, [e.rule for e in found.evidence]) == ("same", ["hedge"])


def test_terms_of_a_group_are_set_side_by_side() -> None:
    group = [
        claim("ru", "Спецоперация на Украине продолжается в Донбассе."),
        claim("uk", "Війна в Україні триває на Донбасі."),
        claim("en", "The war in Ukraine goes on in the Donbas."),
    ]
    by_concept = {c.concept: c for c in term_contrasts(group)}
    war = by_concept["ev.war"]
    assert war.differs
    assert {lang: set(variants) for lang, variants in war.variants.items()} == {
        "ru": {"special_operation"},
        "uk": {"war"},
        "en": {"war"},
    }
    assert by_concept["pl.in_ukraine"].differs
    assert not by_concept["pl.donbas"].differs
    assert [s.text for s in by_concept["pl.in_ukraine"].variants["ru"]["na"]] == ["на Украине"]


def test_a_concept_that_one_claim_uses_is_no_contrast() -> None:
    group = [claim("ru", "Война продолжается."), claim("en", "Fighting goes on.")]
    assert term_contrasts(group) == []


def test_a_detail_that_one_side_adds_is_a_reason_and_no_label() -> None:
    found = relation(
        claim("en", "Two people were killed near Sumy on Tuesday."),
        claim("uk", "Загинули двоє людей."),
    )
    assert found.label == "same"
    assert [e.rule for e in found.evidence] == ["more-dates", "more-names"]


def test_a_condition_worded_with_a_negation_is_no_denial() -> None:
    a = claim("en", "There will be no guarantees unless troops leave Donbas.")
    b = claim("ru", "Гарантии дадут лишь после вывода войск из Донбасса.")
    assert relation(a, b).label == "same"


def test_of_very_many_claims_each_is_read_once_and_few_are_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    count = 120
    a = [claim("ru", f"Повреждены {100 + i} домов.") for i in range(count)]
    b = [claim("en", f"{100 + i} houses were damaged.") for i in range(count)]
    read = Mock(wraps=contrasts._side)
    compared = Mock(wraps=contrasts._relation)
    monkeypatch.setattr(contrasts, "_side", read)
    monkeypatch.setattr(contrasts, "_relation", compared)
    relate(a, b)
    assert read.call_count == 2 * count
    assert count <= compared.call_count < count * count / 4


def test_the_relation_of_passages_is_the_strongest_of_their_claims() -> None:
    one = [claim("ru", "Школа закрыта."), claim("ru", "Погибли три человека.")]
    other = [claim("en", "The school is shut."), claim("en", "Five people were killed.")]
    assert relate(one, other).label == "conflicting"
