"""The sample coverage is what its README says, and its gold quotes stand in its articles."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from functools import cache
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
COVERAGE = SAMPLES / "coverage"
ANNOTATED = ("donbas-guarantees", "kharkiv-strike")
MIXED = "https://slobozhanskyi-likhtar.example/misto/saltivka-holosy"
ARCHIVED = "https://letopis-nedeli.example/2018/02/09/minsk-spiski"
RELATIONS = {"same", "broader", "narrower", "conflicting", "denies", "related"}


@dataclass(frozen=True, slots=True)
class Article:
    url: str
    title: str
    outlet: str
    language: str
    published_at: datetime
    text: str


class Page(HTMLParser):
    """Paragraphs of the article element, and what the head says about it."""

    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[str] = []
        self.properties: dict[str, str] = {}
        self._depth = 0
        self._in_paragraph = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.properties["language"] = given["lang"]
        elif tag == "link" and given.get("rel") == "canonical":
            self.properties["url"] = given["href"]
        elif tag == "meta":
            self.properties[given.get("property") or given.get("name", "")] = given.get(
                "content", ""
            )
        elif tag == "div" and (self._depth or given.get("class") in {"article-body", "article"}):
            self._depth += 1
        elif tag == "p" and self._depth:
            self._in_paragraph = True
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self._in_paragraph = False
        elif tag == "div" and self._depth:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._in_paragraph:
            self.paragraphs[-1] += data


def _from_page(path: Path) -> Article:
    encoding = "cp1251" if path.parent.name == "letopis-nedeli" else "utf-8"
    raw = path.read_text(encoding=encoding)
    page = Page()
    page.feed(raw)
    found = page.properties
    heading = re.search(r"<h1>(.*?)</h1>", raw, re.IGNORECASE)
    assert heading is not None
    return Article(
        url=found["url"],
        title=heading[1],
        outlet=found["og:site_name"],
        language=found["language"],
        published_at=datetime.fromisoformat(
            found.get("article:published_time") or found.get("date", "")
        ),
        text="\n\n".join(page.paragraphs),
    )


def _from_text(path: Path) -> Article:
    head, text = path.read_text(encoding="utf-8").split("\n\n", 1)
    fields = dict(line.split(": ", 1) for line in head.split("\n"))
    return Article(
        url=fields["URL"],
        title=fields["Title"],
        outlet=fields["Outlet"],
        language=fields["Language"],
        published_at=datetime.fromisoformat(fields["Published"]),
        text=text.strip(),
    )


def _from_lines(path: Path) -> list[Article]:
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Article(**{**record, "published_at": datetime.fromisoformat(record["published_at"])})
        for record in records
    ]


def _from_csv(path: Path) -> list[Article]:
    with path.open(encoding="utf-8", newline="") as handle:
        return [
            Article(
                url=row["link"],
                title=row["headline"],
                outlet=row["source"],
                language=row["lang"],
                published_at=datetime.fromisoformat(row["date"]),
                text=row["body"],
            )
            for row in csv.DictReader(handle)
        ]


@cache
def _articles() -> dict[str, Article]:
    found: list[Article] = []
    for path in sorted(COVERAGE.rglob("*.*")):
        if path.suffix == ".jsonl":
            found += _from_lines(path)
        elif path.suffix == ".csv":
            found += _from_csv(path)
        elif path.suffix == ".html":
            found.append(_from_page(path))
        elif path.suffix == ".txt":
            found.append(_from_text(path))
        else:
            raise AssertionError(f"{path} is in no format that this test reads")
    by_url = {article.url: article for article in found}
    assert len(by_url) == len(found), "an address is used twice"
    return by_url


@cache
def _gold() -> dict[str, list[dict[str, Any]]]:
    lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in (SAMPLES / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        lines[record["kind"]].append(record)
    return lines


def _quotes() -> list[tuple[str, str, str]]:
    """(url, quote, kind) of every quote in the gold."""
    members = [(m["url"], m["quote"], "claim") for c in _gold()["claim"] for m in c["members"]]
    nils = [(n["url"], n["quote"], "nil") for n in _gold()["nil"]]
    beads = [
        (translated["articles"][side == "b"], quote, "bead")
        for translated in _gold()["translated"]
        for bead in translated["beads"]
        for side in "ab"
        for quote in bead[side]
    ]
    return members + nils + beads


def test_languages_and_outlets_are_balanced() -> None:
    articles = _articles().values()
    assert Counter(article.language for article in articles) == {"ru": 16, "uk": 16, "en": 16}
    assert len({article.outlet for article in articles}) == 11


def test_formats_differ_as_in_real_archives() -> None:
    suffixes = Counter(path.suffix for path in COVERAGE.rglob("*.*"))
    assert suffixes == {".jsonl": 4, ".csv": 1, ".html": 16, ".txt": 8}


@pytest.mark.parametrize("url", sorted(_articles()))
def test_article_is_complete(url: str) -> None:
    article = _articles()[url]
    assert re.fullmatch(r"https://[a-z-]+\.example/[a-z0-9/-]+", url)
    assert 120 <= len(article.text.split()) <= 400
    assert article.title
    assert article.published_at.tzinfo is not None
    if url != ARCHIVED:
        assert date(2026, 1, 24) <= article.published_at.date() <= date(2026, 1, 31)


@pytest.mark.parametrize("url", sorted(_articles()))
def test_letters_belong_to_the_language(url: str) -> None:
    article = _articles()[url]
    foreign = {"ru": "[іїєґІЇЄҐ]", "uk": "[ыэъёЫЭЪЁ]", "en": "[А-Яа-яІіЇїЄєҐґ]"}[article.language]
    found = re.findall(foreign, article.title + article.text)
    assert bool(found) == (url == MIXED)


def test_every_article_is_in_one_event() -> None:
    told = Counter(url for event in _gold()["event"] for url in event["articles"])
    assert set(told) == set(_articles())
    assert set(told.values()) == {1}


def test_four_events_have_three_outlets_in_each_language() -> None:
    full = 0
    for event in _gold()["event"]:
        outlets: dict[str, set[str]] = defaultdict(set)
        for url in event["articles"]:
            outlets[_articles()[url].language].add(_articles()[url].outlet)
        if event["event"].startswith("single-"):
            assert len(event["articles"]) == 1
        else:
            assert {language: len(names) >= 3 for language, names in outlets.items()} == {
                "ru": True,
                "uk": True,
                "en": True,
            }
            full += 1
    assert full == 4


def test_one_unrelated_article_a_day() -> None:
    days = sorted(
        _articles()[event["articles"][0]].published_at.date()
        for event in _gold()["event"]
        if event["event"].startswith("single-") and event["articles"] != [ARCHIVED]
    )
    assert days == [date(2026, 1, 24) + timedelta(days=day) for day in range(8)]


def test_quotes_are_verbatim() -> None:
    wrong = [
        (url, quote)
        for url, quote, _ in _quotes()
        if _articles()[url].text.count(quote) != 1 or quote != quote.strip()
    ]
    assert wrong == []


def test_claims_cross_languages_with_every_pair_labelled() -> None:
    assert {claim["event"] for claim in _gold()["claim"]} == set(ANNOTATED)
    identifiers = [claim["id"] for claim in _gold()["claim"]]
    assert len(set(identifiers)) == len(identifiers)
    events = {event["event"]: set(event["articles"]) for event in _gold()["event"]}
    for claim in _gold()["claim"]:
        languages = [member["language"] for member in claim["members"]]
        assert len(set(languages)) >= 2, claim["id"]
        assert languages == [_articles()[member["url"]].language for member in claim["members"]]
        assert {member["url"] for member in claim["members"]} <= events[claim["event"]]
        labelled = Counter((pair["a"], pair["b"]) for pair in claim["relations"])
        expected = {
            (a, b)
            for a, b in combinations(range(len(languages)), 2)
            if languages[a] != languages[b]
        }
        assert set(labelled) == expected, claim["id"]
        assert set(labelled.values()) == {1}
        assert {pair["relation"] for pair in claim["relations"]} <= RELATIONS


@pytest.mark.parametrize("event", ANNOTATED)
def test_annotation_covers_the_text(event: str) -> None:
    # Recall means something only if nearly every sentence is either in a claim or marked nil;
    # what remains is the attribution around a clause ("the ministry said").
    urls = next(e["articles"] for e in _gold()["event"] if e["event"] == event)
    covered = total = 0
    for url in urls:
        text = _articles()[url].text
        marks: list[str | None] = [None] * len(text)
        for quoted_url, quote, kind in _quotes():
            if quoted_url != url or kind == "bead":
                continue
            start = text.index(quote)
            for position in range(start, start + len(quote)):
                assert marks[position] in (None, kind), (url, quote)
                marks[position] = kind
        letters = [position for position, letter in enumerate(text) if letter.isalpha()]
        covered += sum(marks[position] is not None for position in letters)
        total += len(letters)
    assert covered / total > 0.93


@pytest.mark.parametrize("event", ANNOTATED)
def test_hard_relations_are_present(event: str) -> None:
    found = Counter(
        pair["relation"]
        for claim in _gold()["claim"]
        if claim["event"] == event
        for pair in claim["relations"]
    )
    assert set(found) == RELATIONS
    assert min(found.values()) >= 3


def test_one_side_leaves_claims_out() -> None:
    absent = Counter(
        language
        for claim in _gold()["claim"]
        for language in ("ru", "uk", "en")
        if language not in {member["language"] for member in claim["members"]}
    )
    assert min(absent[language] for language in ("ru", "uk")) >= 2
    nil = Counter(record["language"] for record in _gold()["nil"])
    assert min(nil[language] for language in ("ru", "uk", "en")) >= 10


def test_headlines_stand_apart_from_the_text() -> None:
    annotated = {
        url
        for event in _gold()["event"]
        if event["event"] in ANNOTATED
        for url in event["articles"]
    }
    headlines = {record["url"]: record for record in _gold()["headline"]}
    assert set(headlines) == annotated
    identifiers = {claim["id"] for claim in _gold()["claim"]}
    for url, record in headlines.items():
        assert record["quote"] == _articles()[url].title
        assert set(record["claims"]) <= identifiers
    assert [url for url, quote, _ in _quotes() if quote in _articles()[url].title] == []


def test_denials_name_claims() -> None:
    identifiers = {claim["id"] for claim in _gold()["claim"]}
    assert _gold()["denial"]
    for record in _gold()["denial"]:
        assert {record["denial"], record["of"]} <= identifiers


def test_syndicated_copy_is_near_and_not_identical() -> None:
    for record in _gold()["syndicated"]:
        first, second = (_articles()[url] for url in record["articles"])
        assert first.language == second.language
        assert first.outlet != second.outlet
        likeness = SequenceMatcher(None, first.text.split(), second.text.split(), autojunk=False)
        assert 0.8 < likeness.ratio() < 1


def test_translated_copies_have_beads_that_rebuild_both_texts() -> None:
    languages = set()
    for record in _gold()["translated"]:
        original, copy = (_articles()[url] for url in record["articles"])
        languages.add((original.language, copy.language))
        for side, article in (("a", original), ("b", copy)):
            sentences = [sentence for bead in record["beads"] for sentence in bead[side]]
            assert " ".join(sentences) == article.text.replace("\n\n", " ")
        shapes = {(len(bead["a"]), len(bead["b"])) for bead in record["beads"]}
        assert {(1, 1), (1, 0), (2, 1)} <= shapes
    assert languages == {("en", "ru"), ("en", "uk")}


def test_archived_page_is_in_an_old_encoding() -> None:
    (path,) = (COVERAGE / "letopis-nedeli").iterdir()
    with pytest.raises(UnicodeDecodeError):
        path.read_bytes().decode("utf-8")
    assert _articles()[ARCHIVED].published_at.year == 2018


def test_mixed_article_has_both_languages_at_length() -> None:
    sentences = re.split(r"(?<=[.!?])\s+", _articles()[MIXED].text)
    assert sum(bool(re.search("[ыэъё]", sentence)) for sentence in sentences) >= 5
    assert sum(bool(re.search("[іїєґ]", sentence)) for sentence in sentences) >= 8


def test_readme_names_what_exists() -> None:
    text = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert {article.outlet for article in _articles().values()} <= set(
        re.findall(r"^\| ([^|]+?) \|", text, re.MULTILINE)
    )
    named = {f"https://{address}" for address in re.findall(r"`([a-z-]+\.example/[^`]+)`", text)}
    assert named
    assert named <= set(_articles())
    for place in re.findall(r"`(coverage/[a-z.-]+/?)`", text):
        assert (SAMPLES / place).exists(), place
