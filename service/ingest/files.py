"""Files, folders and standard input, each opened and handed to the reader for its format."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Any, Literal

from service.errors import BadInput
from service.ingest import csv, html, jsonl, text
from service.ingest.article import Article, Refusal
from service.ingest.encodings import SAMPLE, known
from service.ingest.fields import Fields
from service.ingest.folder import LEADS_OUT, files_in
from service.ingest.source import Source

Format = Literal["jsonl", "json", "csv", "text", "html"]

_READERS: dict[str, Callable[[Source, Fields], Iterator[Article | Refusal]]] = {
    "jsonl": jsonl.read_lines,
    "json": jsonl.read_document,
    "csv": csv.read,
    "text": text.read,
    "html": html.read,
}
_BY_SUFFIX: dict[str, Format] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".jl": "jsonl", ".json": "json",
    ".csv": "csv", ".tsv": "csv", ".txt": "text", ".text": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
}  # fmt: skip


@dataclass(slots=True)
class Reading:
    """The articles and refusals of many inputs, in order, with how far the reading is.

    Iterate over it once. `bytes_total` is None when standard input is among the inputs;
    `skipped` counts files of other kinds met in folders, by suffix; links there that lead out of
    the folder are refused.

    Raises:
        BadInput: on construction, a path does not exist or the encoding is unknown.
    """

    paths: Sequence[str]
    fields: Fields
    format: Format | None = None
    encoding: str | None = None
    lenient: bool = False
    bytes_total: int | None = field(init=False, default=0)
    bytes_read: int = field(init=False, default=0)
    skipped: Counter[str] = field(init=False, default_factory=Counter)
    _files: list[Path | None] = field(init=False, default_factory=list)
    _leading_out: list[Path] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        """Find the files; nothing is opened yet."""
        if self.encoding is not None:
            known(self.encoding)
        for path in self.paths:
            self._files += [None] if path == "-" else self._found(Path(path))
        sizes = [None if file is None else _size(file) for file in self._files]
        self.bytes_total = None if None in sizes else sum(size or 0 for size in sizes)

    def __iter__(self) -> Iterator[Article | Refusal]:
        """Read everything, one input open at a time."""
        for link in self._leading_out:
            yield Refusal(str(link), LEADS_OUT)
        for file in self._files:
            before = self.bytes_read
            if file is None:
                # Its own buffer is too small to recognise an encoding in.
                raw = FileIO(sys.stdin.fileno(), closefd=False)
                with BufferedReader(raw, SAMPLE) as stream:
                    yield from self._read("-", stream, None, before)
                continue
            try:
                with BufferedReader(FileIO(file), SAMPLE) as stream:
                    yield from self._read(str(file), stream, file.suffix, before)
            except OSError as error:
                yield Refusal(str(file), f"cannot be read: {error.strerror or error}")
            self.bytes_read = before + (_size(file) or 0)

    def _read(
        self, name: str, stream: BufferedReader[Any], suffix: str | None, before: int
    ) -> Iterator[Article | Refusal]:
        def moved(count: int) -> None:
            self.bytes_read = before + count

        source = Source(name, stream, self.encoding, self.lenient, moved)
        kind = self.format or _BY_SUFFIX.get((suffix or "").lower()) or recognise(source.head())
        for item in _READERS[kind](source, self.fields):
            if isinstance(item, Article) and item.whole_file:
                # The file is what makes a changed text the same article: its whole path, so that
                # files of one name in two folders stay apart, and none for what comes from a pipe.
                whole = name != "-"
                item = replace(
                    item, whole_file=whole, origin=str(Path(name).absolute()) if whole else name
                )
            yield item

    def _found(self, path: Path) -> list[Path]:
        if path.is_dir():
            found = []
            for each in files_in(path):
                file = each.path
                if each.leads_out:
                    self._leading_out.append(file)
                elif file.suffix.lower() in _BY_SUFFIX:
                    found.append(file)
                else:
                    self.skipped[file.suffix.lower() or file.name] += 1
            return found
        if not path.exists():
            raise BadInput(f"There is no file or folder {str(path)!r}; check the path.")
        return [path]


def recognise(head: bytes) -> Format:
    """The format of an input that has no telling name, from its first bytes."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:400].lower()
    if start.startswith(b"{"):
        return "jsonl"
    if start.startswith(b"["):
        return "json"
    if start.startswith((b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body", b"<article")):
        return "html"
    return "text"


def _size(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except OSError:
        return 0
