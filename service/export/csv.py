"""Pairs as CSV in UTF-8 with a header line; lists inside a cell are separated by ` | `."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import TextIOWrapper
from typing import Any, BinaryIO

from service.export.record import SIDE, Record

PAIR = (
    "id",
    "event_id",
    "group_id",
    "relation",
    "doubtful",
    "probability",
    "judgement",
    "judged_by",
    "reasons",
)
MADE = ("missing", "mode", "algorithm", "packages", "encoder")
COLUMNS: tuple[str, ...] = (
    *PAIR,
    *(f"a_{name}" for name in SIDE),
    *(f"b_{name}" for name in SIDE),
    *MADE,
)


def write(records: Iterable[Record], file: BinaryIO) -> int:
    """Write the records; how many there were."""
    text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    count = 0
    try:
        table = csv.writer(text, lineterminator="\n")
        table.writerow(COLUMNS)
        for record in records:
            pair = record.plain()
            cells = [pair[name] for name in PAIR]
            cells += [record.a[name] for name in SIDE]
            cells += [record.b[name] for name in SIDE]
            cells += [pair[name] for name in MADE]
            table.writerow([_cell(value) for value in cells])
            count += 1
        text.flush()
    finally:
        text.detach()  # the file is the caller's to close
    return count


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return " | ".join(str(each) for each in value)
    return value
