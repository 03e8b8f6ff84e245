"""Pairs as TMX 1.4b: one translation unit a pair, with where each side stands as properties."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, BinaryIO

from service.export.record import Record

if TYPE_CHECKING:
    from lxml.etree import _Element

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DOCTYPE = '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'
#: What XML 1.0 cannot hold.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: Properties of a unit and of a variant, by our field; the names are our own, hence the `x-`.
_UNIT = ("relation", "probability", "judgement", "event_id", "group_id")
_VARIANT = ("outlet", "title", "url", "published_at", "document_id", "start", "end", "speaker")


def write(records: Iterable[Record], file: BinaryIO) -> int:
    """Write the records; how many there were."""
    from importlib.metadata import version

    from lxml import etree

    count = 0
    with etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        xml.write_doctype(_DOCTYPE)
        with xml.element("tmx", version="1.4"):
            xml.write("\n")
            header = etree.Element(
                "header",
                {
                    "creationtool": "Parallax",
                    "creationtoolversion": version("parallax"),
                    "segtype": "sentence",
                    "o-tmf": "Parallax pairs",
                    "adminlang": "en",
                    "srclang": "*all*",
                    "datatype": "plaintext",
                },
            )
            xml.write(header, with_tail=False)
            xml.write("\n")
            with xml.element("body"):
                xml.write("\n")
                for record in records:
                    xml.write(_unit(record), with_tail=False)
                    xml.write("\n")
                    count += 1
            xml.write("\n")
    file.write(b"\n")
    return count


def _unit(record: Record) -> _Element:
    from lxml import etree

    unit = etree.Element("tu", tuid=record.id)
    plain = record.plain()
    _properties(unit, {name: plain[name] for name in _UNIT})
    for side in (record.a, record.b):
        variant = etree.SubElement(unit, "tuv", {_LANG: side["language"]})
        _properties(variant, {name: side[name] for name in _VARIANT})
        etree.SubElement(variant, "seg").text = _written(side["text"])
    return unit


def _properties(element: _Element, values: dict[str, Any]) -> None:
    from lxml import etree

    for name, value in values.items():
        if value is not None and value != "":
            prop = etree.SubElement(element, "prop", type=f"x-{name.replace('_', '-')}")
            prop.text = _written(str(value))


def _written(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
