"""Pairs as JSON Lines in UTF-8, one a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import BinaryIO

from service.export.record import Record


def write(records: Iterable[Record], file: BinaryIO) -> int:
    """Write the records; how many there were."""
    count = 0
    for record in records:
        file.write(json.dumps(record.plain(), ensure_ascii=False).encode() + b"\n")
        count += 1
    return count
