"""Figures that need the samples, the gold beside the quality tests, or the models.

`python -m alignment.evaluate` calls these by name, so that alignment itself imports none of them.
Each takes the folder of the open sets and an encoder (or None) and returns lines of the table, or
raises `NotRun` with the reason.
"""

from __future__ import annotations

import json
import lzma
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import combinations, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alignment.align import align_pair
from alignment.calibration import calibration_error
from alignment.contrasts import relation
from alignment.errors import NotRun
from alignment.evaluate import Figure, bcubed, events_figures, mining_figures, nil_aware
from alignment.events import Article, EventStream
from alignment.groups import Edge, Member, corroborated, group
from bench import coverage
from bench.english import Englisher
from models.segment import normalise, segment
from service.steps.pairing import CONSIDERED

if TYPE_CHECKING:
    from collections.abc import Callable

    from alignment.similarity import SentenceEncoder

    Encoder = SentenceEncoder | None

UNDATED = datetime(2020, 1, 1, tzinfo=UTC)  # the judged pairs carry no dates
LANGUAGES = ("ru", "uk", "en")
MARKED = "marked events"  # those of samples/retold, all together
# Nil-aware F1 that must not be lost, in every pair of languages.
CLAIMS = {"donbas-guarantees": 0.73, "kharkiv-strike": 0.59, MARKED: 0.52}


def sample_events(sets: Path, encoder: Encoder) -> list[Figure]:
    """BCubed of the event stream on the sample coverage; its weights were chosen on it."""
    del sets
    data = coverage.read(encoder)
    return events_figures(coverage.as_articles(data.told.values(), encoder), data.events)


def judged_pairs(sets: Path, encoder: Encoder) -> list[Figure]:
    """Pairs of full articles judged by people, all of them told as one stream.

    "pair": BCubed of the two articles of each judged pair, the rest is background, because nobody
    judged other pairs (all apart would give .87). "closed": gold events are what the "same"
    judgements connect, and every other article counts as another event.
    """
    file = _file(sets, "same_event_pairs_ru_en.jsonl.xz")
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    articles: dict[str, Article] = {}
    for row in rows:
        for side in "ab":
            title, text = normalise(row[side]["title"]), normalise(row[side]["text"])
            parts = [part.text for part in segment(text, row["lang"])][: coverage.LEAD]
            lead = " ".join(part for part in parts if part != title)
            articles.setdefault(
                row[side]["url"], _article(row[side]["url"], row["lang"], title, lead, encoder)
            )
    found = _told(list(articles.values()))
    pairs = [(row["a"]["url"], row["b"]["url"], row["label"] == "OK") for row in rows]
    closed = {key: key for key in articles}
    for one, other, same in pairs:
        if same:
            old, new = closed[one], closed[other]
            closed = {key: new if label == old else label for key, label in closed.items()}
    figures = _pairwise("events judged pairs", pairs, found)
    precision, recall, f1 = bcubed(found, closed)
    return [
        *figures,
        Figure("events judged pairs, closed P", "all", precision),
        Figure("events judged pairs, closed R", "all", recall),
        Figure("events judged pairs, closed F1", "all", f1, 0.92, aim=0.92),
    ]


def headlines(sets: Path, encoder: Encoder) -> list[Figure]:
    """Headline pairs: "same" and "cancel" tell one happening, "bad" tells two.

    A cause, its effect and mere relation are told as one event or two as one likes: not counted.
    """
    file = _file(sets, "headline_relations_ru_en.tsv.xz")
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines][1:]
    articles: dict[str, Article] = {}
    pairs = []
    for language, _, label, left, right, left_url, right_url in rows:
        for url, title in ((left_url, left), (right_url, right)):
            articles.setdefault(url, _article(url, language, normalise(title), "", encoder))
        if label in ("same", "bad") or label.endswith("cancel"):
            pairs.append((left_url, right_url, label != "bad"))
    return _pairwise("events headlines", pairs, _told(list(articles.values())))


def _article(key: str, language: str, title: str, lead: str, encoder: Encoder) -> Article:
    vector = encoder.encode([f"{title} {lead}"])[0] if encoder else None
    return Article(key, language, title, lead, UNDATED, vector=vector)


def _told(articles: list[Article]) -> dict[str, str]:
    stream = EventStream()
    first = {one.key: stream.assign(one).event for one in articles}
    return {key: stream.resolve(event) for key, event in first.items()}


def _pairwise(name: str, pairs: list[tuple[str, str, bool]], found: dict[str, str]) -> list[Figure]:
    precision = recall = right = 0.0
    for one, other, same in pairs:
        together = found[one] == found[other]
        right += together == same
        precision += 0.5 if together and not same else 1.0
        recall += 0.5 if same and not together else 1.0
    precision, recall = precision / len(pairs), recall / len(pairs)
    f1 = 2 * precision * recall / (precision + recall)
    return [
        Figure(f"{name} P", f"{len(pairs)} pairs", precision),
        Figure(f"{name} R", f"{len(pairs)} pairs", recall),
        Figure(f"{name} F1", f"{len(pairs)} pairs", f1, aim=0.92),
        Figure(f"{name} accuracy", f"{len(pairs)} pairs", right / len(pairs)),
    ]


def _file(sets: Path, name: str) -> Path:
    path = sets / name
    if not path.is_file():
        raise NotRun(f"there is no {path}")
    return path


def claims(sets: Path, encoder: Encoder) -> list[Figure]:
    """Claims of the marked events by language pair, as the service compares them.

    English comes from the shipped packages. "Nil-aware": all partners of a claim in another
    language, or rightly none, by the groups of the event; "precision at recall .6" and calibration
    by the probabilities of pairs, the event's other claims heard. The two events of the sample
    coverage stand alone, those of `samples/retold` together. The weights that ship were fitted on
    all of them, so this guards what was reached; `python -m bench.fit_retold` says what can be
    expected of other events, for it holds out what it measures on.
    """
    del sets
    data = coverage.read(encoder, english=Englisher().of, retold=True)
    urls = data.annotated()
    subjects: dict[str, set[str]] = defaultdict(set)
    for event in sorted({data.events[url] for url in urls}):
        subjects[event if event in CLAIMS else MARKED].add(event)
    figures = []
    gold = data.same()
    for subject, events in subjects.items():
        answered: set[Any] = set()
        chances: dict[Any, float] = {}
        for event in sorted(events):
            ours, likely = _heard(data, event)
            answered |= ours
            chances |= likely
        for languages in combinations(sorted(LANGUAGES), 2):
            marks = [
                mark
                for mark, (language, _) in data.marks.items()
                if data.events[mark[0]] in events and language in languages
            ]
            here = set(marks)
            wanted, told = ({p for p in pairs if here.issuperset(p)} for pairs in (gold, answered))
            found = {pair: chance for pair, chance in chances.items() if here.issuperset(pair)}
            label = f"{'-'.join(languages)} {subject}"
            scores = nil_aware(partners(marks, told), partners(marks, wanted))
            figures.append(Figure("claims nil-aware P", label, scores[0]))
            figures.append(Figure("claims nil-aware R", label, scores[1]))
            figures.append(
                Figure("claims nil-aware F1", label, scores[2], CLAIMS.get(subject), aim=0.80)
            )
            precision, average, error = likelihoods(found, wanted)
            figures.append(Figure("claims precision at recall .6", label, precision, aim=0.92))
            figures.append(Figure("claims average precision", label, average))
            figures.append(Figure("claims calibration error", label, error, aim=0.05, most=True))
    return figures


def _heard(data: coverage.Coverage, event: str) -> tuple[set[Any], dict[Any, float]]:
    """Marked mentions across languages that share a group, and the probability of likely pairs."""
    urls = [url for url in data.annotated() if data.events[url] == event]
    edges = []
    for one, other in combinations(urls, 2):
        a, b = data.told[one], data.told[other]
        found = align_pair(a.units, b.units, "comparable", consider=CONSIDERED)
        edges += [
            Edge(f"{one}#{i}", f"{other}#{j}", pair.probability)
            for pair in (*found.pairs, *found.candidates)
            for i, j in product(pair.a, pair.b)
        ]
    members = [
        Member(f"{url}#{i}", unit.language, url)
        for url in urls
        for i, unit in enumerate(data.told[url].units)
    ]
    grouping = group(members, edges)
    mentions = {f"{url}#{i}": of for url in urls for i, of in enumerate(data.told[url].mentions)}

    def crossing(one: str, other: str) -> list[Any]:
        return [
            (min(x, y), max(x, y))
            for x, y in product(mentions[one], mentions[other])
            if data.marks[x][0] != data.marks[y][0]
        ]

    answered = {
        pair
        for each in grouping.groups
        for a, b in combinations(each.members, 2)
        for pair in crossing(a.key, b.key)
    }
    chances: dict[Any, float] = {}
    for edge in edges:
        chance = corroborated(edge.probability, grouping.linkage.together(edge.a, edge.b))
        for pair in crossing(edge.a, edge.b):
            chances[pair] = max(chances.get(pair, 0.0), chance)
    return answered, chances


def _pair_name(one: str, other: str) -> str:
    return "-".join(sorted((one, other)))


def partners(marks: list[Any], pairs: set[Any]) -> dict[str, frozenset[str]]:
    """The partners of each mark by the pairs between two of them."""
    out: dict[str, set[str]] = {str(mark): set() for mark in marks}
    here = set(marks)
    for one, other in pairs:
        if one in here and other in here:
            out[str(one)].add(str(other))
            out[str(other)].add(str(one))
    return {mark: frozenset(found) for mark, found in out.items()}


def precision_at(found: dict[Any, float], wanted: set[Any], recall: float = 0.6) -> float:
    """Precision where recall first reaches `recall`, the likeliest first; 0 when it never does."""
    good = 0
    for count, pair in enumerate(sorted(found, key=lambda one: (-found[one], one)), 1):
        good += pair in wanted
        if wanted and good >= recall * len(wanted):
            return good / count
    return 0.0


LIKELIHOODS = "precision at recall .6, average precision, calibration error"


def likelihoods(found: dict[Any, float], wanted: set[Any]) -> tuple[float, float, float]:
    """How rightly and how honestly pairs are ranked, as `LIKELIHOODS` names it."""
    good = 0
    average = 0.0
    for count, pair in enumerate(sorted(found, key=lambda one: (-found[one], one)), 1):
        if pair in wanted:
            good += 1
            average += good / count / len(wanted)
    error = calibration_error(list(found.values()), [pair in wanted for pair in found])
    return precision_at(found, wanted), average, error


def relations(sets: Path, encoder: Encoder) -> list[Figure]:
    """Labels under perturbation (our own sentences, held-out part) and on the sample gold."""
    del sets, encoder
    from tests.quality import test_relations as marked

    figures = []
    right = total = 0
    for change in marked.EXPECTED:
        counts = marked.outcomes(change, "held-out")
        good, whole = sum(n for (ok, _), n in counts.items() if ok), sum(counts.values())
        figures.append(Figure("relations perturbed", change, good / whole, aim=0.90))
        right, total = right + good, total + whole
    figures.append(Figure("relations perturbed", "all", right / total, aim=0.90))
    by_pair: dict[str, Counter[bool]] = defaultdict(Counter)
    lines = (coverage.SAMPLES / "gold.jsonl").read_text("utf-8").splitlines()
    for row in map(json.loads, lines):
        if row["kind"] != "claim":
            continue
        members = [marked.claim(one["quote"], one["language"]) for one in row["members"]]
        for pair in row.get("relations", ()):
            a, b = members[pair["a"]], members[pair["b"]]
            label = relation(a, b).label
            by_pair[_pair_name(a.language, b.language)][label == pair["relation"]] += 1
    for name, marks in sorted(by_pair.items()):
        figures.append(Figure("relations on sample gold", name, marks[True] / marks.total()))
    return figures


def attribution(sets: Path, encoder: Encoder) -> list[Figure]:
    """Speaker and stance right, by language, on the held-out third of the marked sentences."""
    del sets, encoder
    from tests.quality import test_attribution as marked

    figures = []
    for language in LANGUAGES:
        marks = [marked.judge(row) for row in marked.rows(language, "held-out")]
        for place, (name, aim) in enumerate((("speaker", 0.85), ("stance", 0.80))):
            value = sum(mark[place] for mark in marks) / len(marks)
            figures.append(Figure(f"attribution {name}", language, value, aim=aim))
    return figures


def mining(sets: Path, encoder: Encoder) -> list[Figure]:
    """2,000 true pairs among 40,000 distractors a side, by the shipped weights.

    Those were fitted on these sets: `python -m bench.mining` measures two-fold.
    """
    from bench import mining as bench

    if encoder is None:
        raise NotRun("it needs an encoder")
    shared = sets.parent
    if not (shared / "corpora" / "mono").is_dir():
        raise NotRun(f"there is no {shared / 'corpora' / 'mono'}")
    figures = []
    for name in bench.SETS:
        languages = (name.split("-")[0], name.split("-")[1])
        pairs, distractors = bench.corpora(shared, name, 40_000)
        figures += mining_figures(pairs, distractors, languages, encoder)
    return figures


PARTS: dict[str, dict[str, Callable[[Path, Encoder], list[Figure]]]] = {
    "events": {
        "events": sample_events,
        "events judged pairs": judged_pairs,
        "events headlines": headlines,
    },
    "claims": {"claims": claims},
    "relations": {"relations": relations},
    "attribution": {"attribution": attribution},
    "mining": {"mining": mining},
}
