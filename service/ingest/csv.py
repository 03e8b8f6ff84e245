"""CSV and TSV with a header line, one article a row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from io import TextIOWrapper
from itertools import chain

from service.errors import BadInput
from service.ingest.article import Article, Refusal
from service.ingest.encodings import binary, declaration, detect, known
from service.ingest.fields import Fields
from service.ingest.source import LENIENT, RECORD_BYTES, Source

_DELIMITERS = ",;\t|"


def read(source: Source, fields: Fields) -> Iterator[Article | Refusal]:
    """The articles of a table; a bad row is refused by the line it begins on, the others go on."""
    head = source.head()
    if not head.strip():
        yield Refusal(source.name, "the file is empty")
        return
    try:
        encoding = known(source.encoding) if source.encoding else _encoding(head)
    except BadInput as error:
        yield Refusal(source.name, str(error))
        return
    # Bytes that do not decode come through as lone surrogates, so that one bad row stays one.
    errors = "replace" if source.lenient else "surrogateescape"
    with TextIOWrapper(source.stream, encoding=encoding, errors=errors, newline="") as lines:
        yield from _rows(lines, source, fields)


def _encoding(head: bytes) -> str:
    try:
        name = detect(head, declared=declaration(head)).name
    except BadInput:
        if binary(head) is not None:
            raise
        return "utf-8-sig"  # with damage, which its rows will show
    return "utf-8-sig" if name == "utf-8" else name


def _rows(lines: TextIOWrapper, source: Source, fields: Fields) -> Iterator[Article | Refusal]:
    # The limit is the process's; 128 KiB, its default, is less than a long article.
    csv.field_size_limit(RECORD_BYTES)
    first = lines.readline(RECORD_BYTES)
    while first and not first.strip():
        first = lines.readline(RECORD_BYTES)
    delimiter = max(_DELIMITERS, key=first.count)
    table = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
    rows = after = 0
    try:
        header = next(table, [])
        columns = fields.columns(header)
        plain = replace(fields, mapping={})  # from here on a row has our own names
        seen = 0
        after = table.line_num
        for row in table:
            line, after = after + 1, table.line_num
            seen += sum(map(len, row)) + len(row)
            source.moved(seen)
            if not any(row):
                continue
            rows += 1
            origin = f"{source.name}:{line}"
            try:
                yield _article(row, header, columns, plain, origin)
            except BadInput as error:
                yield Refusal(origin, str(error))
    except BadInput as error:
        yield Refusal(source.name, str(error))
        return
    except csv.Error as error:
        yield Refusal(
            f"{source.name}:{after + 1}",
            f"not CSV from here on: {error}; mend the quotes and ingest the file again",
        )
        return
    if not rows:
        yield Refusal(source.name, "the table has a header line but no rows")


def _article(
    row: list[str], header: list[str], columns: dict[str, str], fields: Fields, origin: str
) -> Article:
    if len(row) != len(header):
        raise BadInput(f"the row has {len(row)} fields, the header {len(header)}; mend its quotes")
    if any("\udc80" <= char <= "\udcff" for value in row for char in value if char > "\ud7ff"):
        raise BadInput(f"bytes that do not decode; name the encoding with `--encoding`; {LENIENT}")
    cells = dict(zip(header, row, strict=True))
    return fields.article({ours: cells[theirs] for ours, theirs in columns.items()}, origin)
