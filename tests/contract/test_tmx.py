"""TMX as another tool reads it: the Translate Toolkit, behind Weblate, Pootle and Virtaal."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from models.tmx import TranslationUnit, read, write

toolkit = pytest.importorskip("translate.storage.tmx", reason="needs translate-toolkit")

UNITS = [
    TranslationUnit(
        {"ru": "«Да» & <нет>", "en": "“Yes” & <no>"},
        id="pair_1",
        properties={
            "x-ru-outlet": "Газета",
            "x-en-outlet": "The Gazette",
            "x-published-at": "2026-01-02T03:04:05Z",
            "x-probability": "0.93",
            "x-relation": "conflicting",
            "x-package": "d" * 64,
        },
        notes=("12 and 15",),
        author="analyst",
        created=datetime(2026, 1, 2, tzinfo=UTC),
    ),
    TranslationUnit({"ru": "Второй", "en": "The second"}, id="pair_2"),
]


def test_another_tool_reads_what_is_written() -> None:
    file = io.BytesIO()
    write(UNITS, file, source="ru")
    file.seek(0)
    first, second = toolkit.tmxfile(file, "ru", "en").units
    assert (first.source, first.target) == ("«Да» & <нет>", "“Yes” & <no>")
    assert (first.getid(), first.getnotes()) == ("pair_1", "12 and 15")
    kinds = {each.get("type"): each.text for each in first.xmlelement.iter("prop")}
    assert kinds == UNITS[0].properties
    assert second.target == "The second"


def test_what_another_tool_writes_is_read() -> None:
    store = toolkit.tmxfile(sourcelanguage="uk", targetlanguage="en")
    store.addtranslation("Так & <ні>", "uk", "Yes & <no>", "en", "a note")
    file = io.BytesIO()
    store.serialize(file)
    file.seek(0)
    (unit,) = read(file)
    assert unit.texts == {"uk": "Так & <ні>", "en": "Yes & <no>"}
    assert unit.notes == ("a note",)
