"""TMX 1.4b, the exchange format of translation memories: read and written as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from models.errors import ModelError

_STAMP = "%Y%m%dT%H%M%SZ"
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XML = "{http://www.w3.org/XML/1998/namespace}"
#: Inline elements whose content is markup of the original format and not words.
_CODES = frozenset(["bpt", "ept", "it", "ph", "ut"])


class TmxError(ModelError):
    """A file that cannot be read as TMX."""


@dataclass(frozen=True, slots=True)
class TranslationUnit:
    """A segment in several languages.

    Attributes:
        texts: the segment by language, as lower-case primary codes (`ru`).
        id: its `tuid`, or None.
        properties: `prop` elements by type, such as outlet or probability.
        notes: remarks for people.
        author: who made it (`creationid`).
        created: when, in UTC.
    """

    texts: Mapping[str, str]
    id: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    author: str | None = None
    created: datetime | None = None


def write(
    units: Iterable[TranslationUnit],
    stream: BinaryIO,
    *,
    source: str = "*all*",
    version: str = "0",
    created: datetime | None = None,
) -> int:
    """Write the units to `stream` as they come, and give their number.

    `source` is the language the units were translated from, if it is one.
    """
    stamp = f" creationdate={quoteattr(created.strftime(_STAMP))}" if created else ""
    stream.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'
        '<tmx version="1.4">\n'
        f'<header creationtool="Parallax" creationtoolversion={quoteattr(version)}'
        f' segtype="sentence" o-tmf="Parallax" adminlang="en" srclang={quoteattr(source)}'
        f' datatype="plaintext"{stamp}/>\n<body>\n'.encode()
    )
    count = 0
    for unit in units:
        stream.write(_element(unit).encode())
        count += 1
    stream.write(b"</body>\n</tmx>\n")
    return count


def read(stream: BinaryIO) -> Iterator[TranslationUnit]:
    """The units of a TMX file, one after another, in bounded memory.

    Entities are not expanded, and no DTD or other file is opened.

    Raises:
        TmxError: the file is not well-formed XML, or is no TMX.
    """
    try:
        events = etree.iterparse(
            stream,
            events=("start", "end"),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
        )
        root = None
        for event, element in events:
            if root is None:
                root = element
                if _name(root) != "tmx":
                    raise TmxError(f"The file begins with <{_name(root)}>; TMX begins with <tmx>.")
            if event == "end" and _name(element) == "tu":
                yield _unit(element)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise TmxError(f"The file is not well-formed XML: {error.msg}.") from error


def _element(unit: TranslationUnit) -> str:
    attributes = f" tuid={quoteattr(_clean(unit.id))}" if unit.id else ""
    if unit.author:
        attributes += f" creationid={quoteattr(_clean(unit.author))}"
    if unit.created:
        attributes += f' creationdate="{unit.created.astimezone(UTC).strftime(_STAMP)}"'
    lines = [f"<tu{attributes}>"]
    lines += [f"<note>{escape(_clean(note))}</note>" for note in unit.notes]
    lines += [
        f"<prop type={quoteattr(_clean(kind))}>{escape(_clean(value))}</prop>"
        for kind, value in unit.properties.items()
    ]
    lines += [
        f"<tuv xml:lang={quoteattr(language)}><seg>{escape(_clean(text))}</seg></tuv>"
        for language, text in unit.texts.items()
    ]
    return "\n".join([*lines, "</tu>\n"])


def _unit(element: etree._Element) -> TranslationUnit:
    texts: dict[str, str] = {}
    properties: dict[str, str] = {}
    notes = []
    for child in element:
        name = _name(child)
        if name == "tuv":
            language = child.get(f"{_XML}lang") or child.get("lang") or ""
            segment = next((each for each in child if _name(each) == "seg"), None)
            if language and segment is not None:
                texts[re.split("[-_]", language.lower())[0]] = _words(segment)
        elif name == "prop":
            properties[child.get("type") or ""] = _words(child)
        elif name == "note":
            notes.append(_words(child))
    return TranslationUnit(
        texts,
        element.get("tuid"),
        properties,
        tuple(notes),
        element.get("creationid"),
        _time(element.get("creationdate")),
    )


def _words(element: etree._Element) -> str:
    """The words of a segment: codes of the original format are left out, `hi` is not."""
    parts = [element.text or ""]
    for child in element:
        if _name(child) not in _CODES:
            parts.append(_words(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _time(text: str | None) -> datetime | None:
    try:
        return datetime.strptime(text or "", _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def _clean(text: str) -> str:
    """The text without what XML cannot hold."""
    return _ILLEGAL.sub("", text)
