"""Coverage with marks in the text: what is read, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import coverage, marked

HEAD = """\
event: gate
about: a gate gives way

article: en1
url: https://one.example/en/gate
outlet: One
language: en
published: 2026-02-11T14:30:00+00:00
title: Three missing after gate gives way
claims: missing

[missing: Three workers were missing on Tuesday] after [gate: a steel gate gave way], it said.

[-: It was a cold day.]

article: ru1
url: https://two.example/ru/vorota
outlet: Два
language: ru
published: 2026-02-11T18:00:00+03:00
title: Затвор не выдержал

[gate: Стальной затвор не выдержал напора.] [missing: Пропали двое рабочих.]

"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "gate.txt"


def test_marks_become_claims_and_the_text_is_without_them(file: Path) -> None:
    file.write_text(HEAD + "relations:\nmissing ru1 en1 conflicting\n", "utf-8")
    found = marked.read(file)
    assert "[" not in "".join(one.text for one in found.articles)
    claims = {row["id"]: row for row in found.gold if row["kind"] == "claim"}
    assert claims["gate/missing"]["relations"] == [{"a": 0, "b": 1, "relation": "conflicting"}]
    assert claims["gate/gate"]["relations"] == [{"a": 0, "b": 1, "relation": "same"}]
    assert [row["quote"] for row in found.gold if row["kind"] == "nil"] == ["It was a cold day."]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("relations:\nmissing en1 uk1 broader\n", "not marked in both"),
        ("relations:\nmissing en1 ru1 alike\n", "neither a relation"),
        ("denials:\nmissing denies gates\n", "not marked"),
    ],
)
def test_contradictory_marks_are_refused(file: Path, more: str, said: str) -> None:
    file.write_text(HEAD + more, "utf-8")
    with pytest.raises(ValueError, match=said):
        marked.read(file)


def test_a_claim_of_one_language_is_refused(file: Path) -> None:
    file.write_text(HEAD.replace("[missing: Пропали", "[-: Пропали"), "utf-8")
    with pytest.raises(ValueError, match="one language only"):
        marked.read(file)


def test_marked_events_join_the_coverage_with_their_titles(tmp_path: Path) -> None:
    (tmp_path / "retold").mkdir()
    (tmp_path / "coverage").mkdir()
    (tmp_path / "gold.jsonl").write_text("", "utf-8")
    (tmp_path / "retold" / "gate.txt").write_text(HEAD, "utf-8")
    asked: list[str] = []

    def english(texts: list[str], language: str) -> dict[str, str]:
        asked.extend(texts)
        return dict.fromkeys(texts, f"from {language}")

    data = coverage.read(None, tmp_path, english, retold=True)
    told = data.told["https://one.example/en/gate"]
    assert told.claims[0].text == "Three missing after gate gives way"
    assert told.titles == 1
    assert told.mentions[0] == ()
    assert data.headlines[told.url] == {"gate/missing"}
    assert len(data.same()) == 2
    other = data.told["https://two.example/ru/vorota"]
    assert {one.english for one in other.units} == {"from ru"}
    assert len(asked) == len(set(asked))
    assert not other.lead.startswith("Затвор")


def test_the_marked_events_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    (tmp_path / "retold").mkdir()
    (tmp_path / "coverage").mkdir()
    (tmp_path / "gold.jsonl").write_text("", "utf-8")
    (tmp_path / "retold" / "gate.txt").write_text(HEAD, "utf-8")
    assert coverage.read(None, tmp_path).told == {}
