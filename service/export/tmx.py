"""Pairs as TMX 1.4b: one translation unit a pair, with where each side stands as properties.

Properties are ours, hence the `x-`; those of a side carry its language (`x-uk-outlet`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import BinaryIO

from models import tmx
from models.tmx import TranslationUnit
from service.export.record import Record

_PAIR = ("relation", "probability", "judgement", "event_id", "group_id")
_SIDE = ("outlet", "title", "url", "published_at", "document_id", "start", "end", "speaker")


def write(records: Iterable[Record], file: BinaryIO) -> int:
    """Write the records; how many there were."""
    return tmx.write(_units(records), file, version=version("parallax"))


def _units(records: Iterable[Record]) -> Iterator[TranslationUnit]:
    for record in records:
        plain = record.plain()
        properties = {name: plain[name] for name in _PAIR}
        properties["doubtful"] = True if record.doubtful else None
        for side in (record.a, record.b):
            properties |= {f"{side['language']} {name}": side[name] for name in _SIDE}
        yield TranslationUnit(
            texts={side["language"]: side["text"] for side in (record.a, record.b)},
            id=record.id,
            properties={
                f"x-{name.replace('_', '-').replace(' ', '-')}": str(value)
                for name, value in properties.items()
                if value is not None and value != ""
            },
            notes=record.reasons,
        )
