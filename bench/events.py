"""How fast events are grouped, and whether that stays so: a long stream of synthetic articles.

    python -m bench.events [--articles 100000] [--a-day 2000] [--profile]

Prints a line for every tenth of the stream: articles a CPU second (the clock of a shared machine
says little), open events, peak memory; then how the last tenth compares with the first and with the
fastest, and BCubed against the events that were planned, so that the speed is that of a grouping
that works. Making the articles and their vectors is not counted.

The stream is a long crisis at `--a-day` articles: events of heavy-tailed size that live for some
days, names that recur all the time (Zipf), topics that share words, three languages that share
names only, one article in eight a reprint.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from alignment.article import Article
from alignment.evaluate import bcubed
from alignment.events import EventStream

if TYPE_CHECKING:
    from numpy.typing import NDArray

SYLLABLES = ["ka", "ro", "mi", "du", "le", "ta", "vo", "si", "ne", "ga", "pu", "ri", "sha", "bo"]
LANGUAGES = ("ru", "uk", "en")
START = datetime(2026, 1, 1, tzinfo=UTC)
WIDTH = 480  # numbers of a vector, as those of the shipped encoder
NAMES, WORDS, TOPICS = 4_000, 15_000, 60
REPRINTED = 0.125
TENTHS = 10


def main() -> int:
    """Run the stream and print the curve."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--a-day", type=int, default=2_000)
    parser.add_argument("--profile", action="store_true", help="where the time of the last went")
    asked = parser.parse_args()
    curve(asked.articles, asked.a_day, profile=asked.profile)
    return 0


def curve(articles: int, a_day: int, *, profile: bool = False) -> None:
    """Group so many synthetic articles and print what each tenth of them took."""
    stream = EventStream()
    step = max(1, articles // TENTHS)
    first: dict[str, str] = {}
    gold: dict[str, str] = {}
    speeds: list[float] = []
    spent = 0.0
    watch = cProfile.Profile() if profile else None
    print(f"{articles:,} articles, {a_day:,} a day, one core")
    for number, (article, event) in enumerate(Coverage(articles, a_day), 1):
        if watch and number > articles - step:
            watch.enable()
        began = time.process_time()
        first[article.key] = stream.assign(article).event
        spent += time.process_time() - began
        if watch:
            watch.disable()
        gold[article.key] = str(event)
        if number % step == 0:
            speeds.append(step / spent)
            print(
                f"{number:9,} articles: {speeds[-1]:6,.0f} articles a CPU second, "
                f"{len(stream):6,} events open, peak {peak():4.0f} MiB",
                flush=True,
            )
            spent = 0.0
    print(
        f"the last tenth runs at {speeds[-1] / speeds[0]:.2f} of the speed of the first, "
        f"{speeds[-1] / max(speeds):.2f} of the fastest"
    )
    found = {key: stream.resolve(event) for key, event in first.items()}
    precision, recall, f1 = bcubed(found, gold)
    print(
        f"{len(set(gold.values())):,} events planned, {len(set(found.values())):,} found; "
        f"BCubed P {precision:.3f} R {recall:.3f} F1 {f1:.3f}"
    )
    if watch:
        pstats.Stats(watch, stream=sys.stdout).sort_stats("tottime").print_stats(30)


class Coverage:
    """Synthetic articles in order of publication, each with the number of its event."""

    def __init__(self, articles: int, a_day: int, seed: int = 0) -> None:
        self.random = np.random.default_rng(seed)
        self.a_day = a_day
        self.names = [word.title() for word in self._words(NAMES, 3)]
        self.words = {language: self._words(WORDS, 4) for language in LANGUAGES}
        self.topics = self.random.integers(0, WORDS, (TOPICS, 150))
        self.centres = self.random.standard_normal((TOPICS, WIDTH)).astype(np.float32)
        self.plan = self._plan(articles)

    def __iter__(self) -> Iterator[tuple[Article, int]]:
        """The articles; what an event is about is forgotten with its last one."""
        last = {int(event): place for place, (_, event) in enumerate(self.plan)}
        about: dict[int, tuple[NDArray[np.int64], NDArray[np.int64], int, NDArray[np.float32]]] = {}
        told: dict[int, Article] = {}
        for place, (days, number) in enumerate(self.plan):
            event, key = int(number), str(place)
            moment = START + timedelta(days=float(days))
            before = told.get(event)
            if before is not None and self.random.random() < REPRINTED:
                title, lead, language = before.title, before.lead + " Reprinted.", before.language
                vector = before.vector
            else:
                if event not in about:
                    about[event] = self._happening()
                concepts, names, topic, centre = about[event]
                language = LANGUAGES[int(self.random.choice(3, p=(0.4, 0.35, 0.25)))]
                title, lead = self._text(language, concepts, names, topic)
                row = self.centres[topic] * 0.6 + centre * 0.8
                row = row + self.random.standard_normal(WIDTH).astype(np.float32) * 0.7
                vector = row / np.linalg.norm(row)
            article = Article(key, language, title, lead, moment, vector=vector)
            told[event] = article
            if last[event] == place:
                about.pop(event, None)
                del told[event]
            yield article, event

    def _plan(self, articles: int) -> NDArray[np.float64]:
        """When which event is told, `(articles, 2)`: days since the start and the event."""
        sizes: list[int] = []
        while sum(sizes) < articles:
            more = 1 + self.random.pareto(1.3, articles // 8 + 1) * 3
            sizes += [min(400, int(size)) for size in more]
        whole = articles / self.a_day
        events = np.repeat(np.arange(len(sizes)), sizes)
        births = self.random.random(len(sizes)) * whole
        lives = self.random.exponential(0.7, len(sizes)) + 0.2
        ages = self.random.random(len(events)) ** 2 * lives[events] * 3
        plan = np.column_stack([births[events] + ages, events])
        plan = plan[self.random.permutation(len(plan))[:articles]]
        ordered: NDArray[np.float64] = plan[np.argsort(plan[:, 0], kind="stable")]
        return ordered

    def _happening(
        self,
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], int, NDArray[np.float32]]:
        """The words, the names, the topic and the vector of a new event."""
        names = np.concatenate([self._zipf(NAMES, 3), self.random.integers(0, NAMES, 3)])
        return (
            self.random.integers(0, WORDS, 50),
            names,
            int(self._zipf(TOPICS, 1)[0]),
            self.random.standard_normal(WIDTH).astype(np.float32),
        )

    def _text(
        self, language: str, concepts: NDArray[np.int64], names: NDArray[np.int64], topic: int
    ) -> tuple[str, str]:
        """A title of eight words and a lead of ninety."""
        pick = self.random.integers
        words = [
            *concepts[pick(0, len(concepts), 35)],
            *self.topics[topic][pick(0, self.topics.shape[1], 20)],
            *self._zipf(WORDS, 35),
        ]
        said = [self.words[language][word] for word in words]
        called = [self.names[name] for name in names[pick(0, len(names), 10)]]
        title = " ".join([*called[:2], *said[:5], said[-1]])
        body = [said[place] for place in self.random.permutation(len(said))]
        for place, name in enumerate(called[2:]):
            body.insert(3 + 10 * place, name)
        return title, " ".join(body)

    def _zipf(self, below: int, count: int) -> NDArray[np.int64]:
        """Numbers below a bound, the low ones far oftener: log-uniform ranks (Zipf 1949)."""
        drawn: NDArray[np.int64] = (below ** self.random.random(count)).astype(np.int64) - 1
        return drawn

    def _words(self, count: int, most: int) -> list[str]:
        found: dict[str, None] = {}
        while len(found) < count:
            syllables = self.random.choice(SYLLABLES, self.random.integers(2, most + 1))
            found["".join(syllables) + str(self.random.choice(list("nklmrst")))] = None
        return list(found)


def peak() -> float:
    """The most memory this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
