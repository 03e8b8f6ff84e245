"""`parallax ingest`: articles from files into the store, and the whole path on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from service.commands import opening, terminal
from service.errors import BadInput
from service.ingest.article import Article, Refusal
from service.ingest.fields import UNDATED, Fields, parse_language, parse_mapping

if TYPE_CHECKING:
    from service.ingest.files import Reading
    from service.pipeline import Ingested, Pipeline
    from service.settings import Settings
    from service.steps.aligner import Aligned

app = typer.Typer(rich_markup_mode=None, add_completion=False)

#: Refusals and doubts told one by one on standard error; the rest is counted.
TOLD = 100


@app.command()
def ingest(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH",
            help="JSON Lines, JSON, CSV, text and HTML files, folders of them, `-` for standard "
            "input.",
        ),
    ],
    mapping: Annotated[
        str | None,
        typer.Option(
            "--map",
            metavar="FIELD=NAME,…",
            help="What the input calls our fields text, title, outlet, url, language and "
            "published_at; outer.inner reaches into JSON objects.",
        ),
    ] = None,
    outlet: Annotated[
        str | None, typer.Option(help="Outlet of articles that do not name theirs.")
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            help="Language of articles that do not name theirs; found out when not given."
        ),
    ] = None,
    published: Annotated[
        str | None, typer.Option(help="Publication date of articles that have none.")
    ] = None,
    format: Annotated[
        Literal["jsonl", "json", "csv", "text", "html"] | None,
        typer.Option(help="Format of the input; told by its name or its first bytes otherwise."),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option(help="Encoding of the input, such as cp1251; found out when not given."),
    ] = None,
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Keep text with broken bytes, with � in their place.")
    ] = False,
    align: Annotated[
        bool,
        typer.Option(
            "--align/--no-align", help="Compare the claims of the events that changed, or later."
        ),
    ] = True,
    json: Annotated[
        bool, typer.Option("--json", help="Print the ids that were made, and refusals, as JSON.")
    ] = False,
) -> None:
    """Read articles into the store and find their segments, claims, events and pairs.

    A row of JSON Lines or CSV, a text file and a saved page are one article each. A text file may
    begin with lines like `Title: …`, `Outlet: …`, `URL: …`, `Language: …`, `Published: …` and an
    empty line. Usual names of fields (body, headline, link, date, …) are known without --map.

    The same article again is stored once; a changed article becomes a new version; a corrected
    date, outlet or title is taken over. What cannot be read is told with its place on standard
    error, everything else goes in, and the exit code is 3; so is a link in a folder that leads out
    of it, which is not followed. Interrupted or killed, the same command
    goes on where it stopped.

    \b
    Examples:
      parallax ingest coverage/
      parallax ingest archive.csv --map text=Body,published_at=Posted --outlet "Harbour Ledger"
      zcat archive.jsonl.gz | parallax ingest - --json
    """  # noqa: D301  # \b is Click's mark for lines that stay as they are
    using = opening.settings()
    reading = _reading(
        paths,
        _fields(using, mapping, outlet, language, published),
        format=format,
        encoding=encoding,
        lenient=lenient,
    )
    with opening.store(using) as store, opening.engine(using) as engine:
        from service.pipeline import Pipeline

        pipeline = Pipeline(
            using, store, engine, opening.encoder_if_any(using), opening.glossaries(using)
        )
        run = Run(pipeline, reading)
        run.ingest(listing=json)
        if align:
            run.align()
    if json:
        terminal.emit(run.plain())
    else:
        for line in run.summary():
            typer.echo(line)
    if not run.counts:
        raise BadInput("There were no articles in the input; check the paths and the format.")
    if run.faults:
        raise typer.Exit(3)


@dataclass(slots=True)
class Run:
    """One run of the path over some input, and what came of it so far."""

    pipeline: Pipeline
    reading: Reading
    results: list[Ingested] = field(default_factory=list)
    aligned: list[Aligned] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    missing: set[str] = field(default_factory=set)
    faults: int = 0
    _read: int = 0

    def ingest(self, *, listing: bool) -> None:
        """Take in every article; refusals are told as they come.

        With `listing` every result is kept for `plain`; without it doubts are told as well.
        """
        try:
            with terminal.progress("Ingesting", None, unit="articles") as report:
                for done in self.pipeline.ingest(self._counted(self.reading)):
                    self.counts[done.status] += 1
                    self.missing.update(done.missing)
                    if listing:
                        self.results.append(done)
                    self._tell(done, quiet=listing)
                    report(self.counts.total(), self._expected())
        except BaseException:
            if stored := self.counts.total() - self.counts["refused"]:
                terminal.warn(
                    f"Stopped after {terminal.counted(stored, 'article')}, now in the store."
                )
            raise
        if self.faults > TOLD:
            terminal.warn(f"{self.faults - TOLD:,} more could not be used; --json lists them all.")
        if self.reading.skipped:
            kinds = ", ".join(f"{count} {kind}" for kind, count in self.reading.skipped.items())
            terminal.note(f"Files of other kinds in the folders were left alone: {kinds}")

    def align(self) -> None:
        """Compare the claims of every event that is due."""
        from service.store import events

        with self.pipeline.store.session() as session:
            due = list(events.due(session))
        with terminal.progress("Comparing", len(due), unit="events") as report:
            for number, done in enumerate(self.pipeline.align(due), 1):
                self.aligned.append(done)
                self.missing.update(done.missing)
                report(number, None)

    def summary(self) -> Iterator[str]:
        """What came of it, in a few lines for a person."""
        named = ("stored", "changed", "corrected", "known", "refused")
        became = ", ".join(f"{self.counts[name]:,} {name}" for name in named if self.counts[name])
        yield f"{terminal.counted(self.counts.total(), 'article')}: {became or 'none'}"
        if self.aligned:
            relations: Counter[str] = Counter()
            for done in self.aligned:
                relations.update(done.relations)
            counts = [f"{count:,} {name}" for name, count in relations.most_common()]
            if doubtful := sum(done.doubtful for done in self.aligned):
                counts.append(f"{doubtful:,} in doubt")
            told = ", ".join(counts)
            yield (
                f"{terminal.counted(len(self.aligned), 'event')} compared: "
                f"{terminal.counted(sum(done.groups for done in self.aligned), 'claim group')}, "
                f"{terminal.counted(sum(done.pairs for done in self.aligned), 'pair')} across "
                f"languages" + (f" ({told})" if told else "")
            )
        if self.missing:
            without = terminal.without(self.missing)
            yield f"without {without}; `parallax doctor` says how to mend it"

    def plain(self) -> dict[str, Any]:
        """What came of it as data."""
        return {
            "documents": [
                {
                    "origin": done.origin,
                    "status": done.status,
                    "id": done.document_id,
                    "event_id": done.event_id,
                    "title": done.title,
                    "language": done.language,
                    "reason": done.reason,
                    "notes": list(done.notes),
                }
                for done in self.results
            ],
            "counts": dict(self.counts),
            "events": [
                {
                    "id": done.event_id,
                    "documents": done.documents,
                    "groups": done.groups,
                    "pairs": done.pairs,
                    "relations": done.relations,
                    "doubtful": done.doubtful,
                }
                for done in self.aligned
            ],
            "missing": sorted(self.missing),
        }

    def _counted(self, articles: Iterable[Article | Refusal]) -> Iterator[Article | Refusal]:
        for article in articles:
            self._read += 1
            yield article

    def _expected(self) -> float | None:
        """How many articles there will be, from those read so far and their share of the bytes."""
        total, read = self.reading.bytes_total, self.reading.bytes_read
        if not total or not read:
            return None
        return max(self._read, round(self._read * total / read))

    def _tell(self, done: Ingested, *, quiet: bool) -> None:
        sentences = []
        if done.status == "refused":
            sentences.append((done.reason or "It cannot be used").rstrip("."))
        undated = any(note.startswith(UNDATED) for note in done.notes)
        if done.status != "known" or undated:
            sentences += [note.rstrip(".") for note in done.notes if undated or not quiet]
        self.faults += done.status == "refused" or undated
        if self.faults <= TOLD:
            for sentence in sentences:
                terminal.warn(f"{done.origin}: {sentence}.")


def _fields(
    using: Settings,
    mapping: str | None,
    outlet: str | None,
    language: str | None,
    published: str | None,
) -> Fields:
    from datetime import UTC, datetime

    from service.ingest.dates import published as moment

    now = datetime.now(UTC)
    return Fields(
        mapping=parse_mapping(mapping),
        outlet=outlet,
        language=None if language is None else parse_language(language),
        published_at=None if published is None else moment(published, now=now),
        characters=using.document_characters,
        now=now,
    )


def _reading(paths: list[str], fields: Fields, **options: Any) -> Reading:
    from service.ingest.files import Reading

    if paths.count("-") > 1:
        raise typer.BadParameter("standard input can be read only once")
    for path in paths:
        if path != "-" and Path(path).is_dir() and not any(Path(path).iterdir()):
            raise BadInput(f"The folder {path} is empty; give one with articles in it.")
    return Reading(paths, fields, **options)
