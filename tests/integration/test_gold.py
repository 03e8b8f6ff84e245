"""The comparison with a gold file: what it counts as right, wrong, found and missed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.errors import BadInput
from service.gold import Comparison, compare
from service.store import pairs
from service.store.database import Store
from tests.rows import article, pair, plant

FIRST = {
    "ru": "Ночью в Харькове прогремели взрывы.",
    "uk": "Уночі в Харкові пролунали вибухи.",
    "en": "Explosions were heard in Kharkiv overnight.",
}
SECOND = {
    "ru": "Мэр сообщил о трёх пострадавших.",
    "uk": "Мер повідомив про трьох постраждалих.",
    "en": "The mayor said three people were hurt.",
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    made.upgrade()
    return made


def url(language: str) -> str:
    return f"https://outlet-{language}.example/0"


def member(language: str, quote: str) -> dict[str, str]:
    return {"url": url(language), "language": language, "quote": quote}


def gold(path: Path) -> Path:
    rows = [
        {"kind": "event", "event": "strike", "articles": [url("ru"), url("uk"), url("en")]},
        {
            "kind": "claim",
            "event": "strike",
            "id": "strike/blasts",
            "members": [member(language, FIRST[language]) for language in ("ru", "uk", "en")],
            "relations": [
                {"a": 0, "b": 1, "relation": "same"},
                {"a": 2, "b": 0, "relation": "broader"},
                {"a": 1, "b": 2, "relation": "same"},
            ],
        },
        {"kind": "nil", "event": "strike", **member("ru", SECOND["ru"])},
        {"kind": "nil", "event": "strike", **member("en", SECOND["en"])},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def compared(store: Store, path: Path, *, wrong: bool = False) -> Comparison:
    with store.session(write=True) as session:
        # The headline of a sample is its first sentence; without it each sentence is there once.
        ru, uk, en = plant(session, [article(code, title=None) for code in ("ru", "uk", "en")])
        rows = [
            pair(ru, uk, relation="same"),
            pair(ru, en, relation="narrower"),  # en says less than ru: broader the other way
        ]
        if wrong:
            rows.append(pair(ru, en, index=1))
        pairs.replace(session, "evt_one", rows)
    with store.session() as session:
        return compare(session, path)


def test_found_and_missed_pairs_are_counted(store: Store, tmp_path: Path) -> None:
    found = compared(store, gold(tmp_path / "gold.jsonl"))
    assert (found.pairs.found, found.pairs.wanted) == (2, 3)
    assert (found.pairs.precision, found.pairs.recall) == (1.0, 2 / 3)
    assert found.by_languages["ru–uk"].recall == 1.0
    assert found.by_languages["uk–en"].recall == 0.0
    assert (found.articles, found.events.f1) == (3, 1.0)


def test_relations_are_read_in_the_direction_of_the_gold(store: Store, tmp_path: Path) -> None:
    found = compared(store, gold(tmp_path / "gold.jsonl"))
    assert (found.relations, found.related) == (1.0, 2)


def test_a_partner_where_there_should_be_none_is_wrong(store: Store, tmp_path: Path) -> None:
    right = compared(store, gold(tmp_path / "gold.jsonl"))
    # Five marked sentences with two other languages each: all but uk–en, twice, is right.
    assert (right.nil_aware.wanted, right.nil_aware.precision) == (10, 0.8)


def test_a_wrong_pair_lowers_precision_and_answers(store: Store, tmp_path: Path) -> None:
    found = compared(store, gold(tmp_path / "gold.jsonl"), wrong=True)
    assert found.pairs.precision == 2 / 3
    assert found.nil_aware.precision == 0.6


def test_articles_that_are_not_stored_are_named(store: Store, tmp_path: Path) -> None:
    path = gold(tmp_path / "gold.jsonl")
    with path.open("a", encoding="utf-8") as file:
        file.write('\n{"kind": "event", "event": "other", "articles": ["https://no.example/1"]}')
    assert compared(store, path).missing_articles == ("https://no.example/1",)


def test_a_file_that_is_no_gold_is_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text("not json")
    with store.session() as session, pytest.raises(BadInput, match="cannot be read as gold"):
        compare(session, path)
