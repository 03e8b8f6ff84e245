"""JSON Lines, one article a line; also a JSON file that is one list of articles, or one article."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from typing import Any

from service.errors import BadInput
from service.ingest.article import Article, Refusal
from service.ingest.encodings import binary, decode, detect, known
from service.ingest.fields import Fields
from service.ingest.source import LENIENT, RECORD_BYTES, Source


def read_lines(source: Source, fields: Fields) -> Iterator[Article | Refusal]:
    """The articles of a JSON Lines file; a bad line is refused by its number, the others go on."""
    head = source.head()
    try:
        decoder = _Decoder.of(head, source)
        if decoder.wide is None:
            yield from _read(_lines(source.stream), decoder, source, fields)
        else:
            data = source.whole()
            text, _ = decode(data, encoding=decoder.wide, lenient=source.lenient)
            lines = (line.encode() for line in text.split("\n"))
            yield from _read(lines, _Decoder(forced="utf-8"), source, fields)
    except BadInput as error:
        yield Refusal(source.name, str(error))


def read_document(source: Source, fields: Fields) -> Iterator[Article | Refusal]:
    """The articles of a JSON file: a list, one object, or (as some call it) JSON Lines."""
    try:
        data = source.whole()
        decoder = _Decoder.of(data, source)
        rows = _document(data, source)
    except BadInput as error:
        yield Refusal(source.name, str(error))
        return
    if rows is None:
        yield from _read(data.splitlines(keepends=True), decoder, source, fields)
        return
    for position, row in enumerate(rows, 1):
        origin = f"{source.name}#{position}"
        try:
            yield fields.article(_checked(row), origin)
        except BadInput as error:
            yield Refusal(origin, str(error))
    if not rows:
        yield Refusal(source.name, "the list is empty")


def _document(data: bytes, source: Source) -> list[object] | None:
    """The rows of a file that is one JSON value; None where it is not one."""
    try:
        text, _ = decode(data, encoding=source.encoding, lenient=source.lenient)
        loaded = json.loads(text, strict=False)
    except (BadInput, ValueError, RecursionError):
        return None
    if isinstance(loaded, list):
        return loaded
    return [loaded] if isinstance(loaded, dict) else None


def _read(
    lines: Iterable[bytes], decoder: _Decoder, source: Source, fields: Fields
) -> Iterator[Article | Refusal]:
    seen, rows = 0, 0
    for number, line in enumerate(lines, 1):
        seen += len(line)
        source.moved(seen)
        if not line.strip():
            continue
        rows += 1
        origin = f"{source.name}:{number}"
        try:
            if len(line) > RECORD_BYTES:
                raise BadInput(f"the line is longer than {RECORD_BYTES:,} bytes; split it")
            yield fields.article(_object(decoder.text(line)), origin)
        except BadInput as error:
            yield Refusal(origin, str(error))
    if not rows:
        yield Refusal(source.name, "the file is empty")


@dataclass(slots=True)
class _Decoder:
    """Decodes one line at a time: UTF-8 where the line is, else the encoding of the file's head.

    `fallback` is None while nothing but ASCII has been seen; then a line is judged by itself.
    """

    wide: str | None = None
    forced: str | None = None
    fallback: str | None = None
    lenient: bool = False

    @classmethod
    def of(cls, head: bytes, source: Source) -> _Decoder:
        lenient = source.lenient
        if source.encoding is not None:
            name = known(source.encoding)
            if name.startswith(("utf-16", "utf-32")):
                return cls(wide=name, lenient=lenient)
            return cls(forced=name, lenient=lenient)
        try:
            name = detect(head[: head.rfind(b"\n") + 1] or head).name
        except BadInput:
            if binary(head) is not None:
                raise
            name = "utf-8"  # with damage, which its lines will show
        if name.startswith(("utf-16", "utf-32")):
            return cls(wide=name, lenient=lenient)
        fallback = None if name == "utf-8" and head.isascii() else name
        return cls(fallback=fallback, lenient=lenient)

    def text(self, line: bytes) -> str:
        if self.forced is not None:
            return decode(line, encoding=self.forced, lenient=self.lenient)[0]
        try:
            return line.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            if self.fallback is None:
                text, self.fallback = decode(line, lenient=self.lenient)
                return text
            if not self.fallback.startswith("utf-8"):
                return decode(line, encoding=self.fallback, lenient=self.lenient)[0]
            if self.lenient:
                return line.decode("utf-8-sig", "replace")
            raise BadInput(
                f"broken UTF-8 at byte {error.start} of the line; repair it; {LENIENT}"
            ) from error


def _lines(stream: BufferedReader[Any]) -> Iterator[bytes]:
    """Lines of bytes; of one that is too long only the head comes, one byte over the limit."""
    while line := stream.readline(RECORD_BYTES + 1):
        yield line
        while len(line) > RECORD_BYTES and not line.endswith(b"\n"):
            line = stream.readline(RECORD_BYTES + 1)  # the rest is passed over


def _object(line: str) -> dict[str, Any]:
    try:
        loaded = json.loads(line, strict=False)
    except json.JSONDecodeError as error:
        raise BadInput(f"not JSON: {error.msg} at column {error.colno}") from None
    except (ValueError, RecursionError):
        raise BadInput("not JSON that can be read: nested or numbers too large") from None
    return _checked(loaded)


def _checked(row: object) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise BadInput("not a JSON object")
    return row
