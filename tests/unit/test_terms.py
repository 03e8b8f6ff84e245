from __future__ import annotations

import pytest

from alignment.errors import LexiconError
from alignment.lexicon import read
from alignment.terms import Lexicon, TermUse


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


def pairs(uses: list[TermUse]) -> set[tuple[str, str]]:
    return {(u.concept, u.variant) for u in uses}


def test_at_least_25_concepts_in_all_three_languages(lexicon: Lexicon) -> None:
    assert len(lexicon.concepts) >= 25
    concepts = read("terms")["concepts"]
    for column in range(3):
        served = [c for c, vs in concepts.items() if any(v[column] for v in vs.values())]
        assert len(served) >= 25


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("в ходе специальной военной операции", "ru", ("ev.war", "special_operation")),
        ("после начала войны", "ru", ("ev.war", "war")),
        ("повномасштабним вторгненням", "uk", ("ev.war", "invasion")),
        ("жил на Украине", "ru", ("pl.in_ukraine", "na")),
        ("жил в Украине", "ru", ("pl.in_ukraine", "v")),
        ("мешкав на Україні", "uk", ("pl.in_ukraine", "na")),
        ("in the Ukraine", "en", ("pl.in_ukraine", "the_ukraine")),
        ("Boris lives in Kiev", "en", ("pl.kyiv", "kiev")),
        ("withdraw from Donbass", "en", ("pl.donbas", "donbass")),
        ("Donetsk and Lugansk People’s Republics", "en", ("org.dnr", "republic")),
        ("regions that joined Russia", "en", ("act.annexation", "accession")),
        ("о воссоединении Крыма с Россией", "ru", ("act.annexation", "reunification")),
        ("анексією Криму", "uk", ("act.annexation", "annexation")),
        ("боевиками киевского режима", "ru", ("actor.ua_gov", "regime")),
        ("окупантами", "uk", ("actor.ru_forces", "occupiers")),
        ("жестом доброй воли", "ru", ("act.withdraw", "goodwill")),
        ("наёмниками", "ru", ("actor.foreign", "mercenaries")),
        ("под Артёмовском", "ru", ("pl.bakhmut", "artyomovsk")),
        ("депортовано дітей", "uk", ("act.deport", "deportation")),
        ("удалось сбить прилёты", "ru", ("act.strike", "arrival")),
    ],
)
def test_terms_are_found_in_their_inflected_forms(
    lexicon: Lexicon, text: str, language: str, expected: tuple[str, str]
) -> None:
    assert expected in pairs(lexicon.find(text, language))


def test_scare_quotes_and_so_called_are_flagged(lexicon: Lexicon) -> None:
    quoted = lexicon.find("провели «референдум» в городе", "ru")
    assert [(u.concept, u.quoted, u.so_called) for u in quoted] == [("act.referendum", True, False)]
    distanced = lexicon.find("у так званій «ДНР» заявили", "uk")
    assert [(u.concept, u.quoted, u.so_called) for u in distanced] == [("org.dnr", True, True)]
    plain = lexicon.find("a referendum was held", "en")
    assert not plain[0].quoted
    assert not plain[0].so_called


def test_a_long_quotation_is_speech_and_no_scare_quote(lexicon: Lexicon) -> None:
    uses = lexicon.find("«Мы знаем, что эта война не закончится завтра», — сказал он", "ru")
    assert [u.quoted for u in uses if u.concept == "ev.war"] == [False]


def test_small_letters_for_russia_are_seen_only_when_small(lexicon: Lexicon) -> None:
    assert ("orth.russia_small", "small") in pairs(lexicon.find("війська рф і росії", "uk"))
    assert ("orth.russia_small", "small") not in pairs(lexicon.find("війська РФ і Росії", "uk"))


def test_a_malformed_lexicon_is_named() -> None:
    with pytest.raises(LexiconError, match=r"ev\.x\.y"):
        Lexicon(
            {"concepts": {"ev.x": {"y": ["a"]}}, "so_called": dict.fromkeys(("ru", "uk", "en"), "")}
        )
