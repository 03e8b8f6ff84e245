"""Pairs as CSV in UTF-8 with a header line; lists inside a cell are separated by ` | `.

Articles, headlines and addresses are other people's words, and a spreadsheet program runs a cell
that begins like a formula. Such a cell has an apostrophe before it (OWASP, "CSV Injection"): it is
the one thing in which the table differs from JSON Lines. Numbers stay as they are.
"""

from __future__ import annotations

import csv
import re
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
#: What spreadsheet programs take for the beginning of a formula, in wide forms too.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
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
        # The other one leaves a lone carriage return bare, and a reader would end the row there.
        quoted = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
        table.writerow(COLUMNS)
        for record in records:
            pair = record.plain()
            cells = [pair[name] for name in PAIR]
            cells += [record.a[name] for name in SIDE]
            cells += [record.b[name] for name in SIDE]
            cells += [pair[name] for name in MADE]
            row = [_cell(value) for value in cells]
            bare = any("\r" in cell for cell in row if isinstance(cell, str))
            (quoted if bare else table).writerow(row)
            count += 1
        text.flush()
    finally:
        text.detach()  # the file is the caller's to close
    return count


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple):
        value = " | ".join(str(each) for each in value)
    if isinstance(value, str) and value.startswith(FORMULA) and not NUMBER.fullmatch(value):
        return f"'{value}"
    return value
