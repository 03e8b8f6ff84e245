"""One paragraph of a Word or PowerPoint document: its runs as text, and new runs from a text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from models.paragraph import Kind, Mark, Paragraph, Part, spoken
from models.placement import Item, Unchanged, place

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_FIELD = f"{_W}fldChar"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names of one kind of document.

    Attributes:
        paragraph: a paragraph.
        run: text in one format.
        format: the properties of a run.
        text: the words of a run.
        breaks: what stands for whitespace, by name.
        around: elements around runs that stay around their words.
        content: of those, elements of which only this child holds the runs.
        head: what must stay first in a paragraph, and last.
        dropped: traces of editing that mean nothing in another text.
        unimportant: properties that do not make a format another one.
    """

    paragraph: str
    run: str
    format: str
    text: str
    breaks: dict[str, str]
    around: frozenset[str]
    content: dict[str, str]
    head: str
    tail: str
    dropped: frozenset[str]
    unimportant: frozenset[str]


def _named(prefix: str, names: str) -> frozenset[str]:
    return frozenset(prefix + name for name in names.split())


WORD = Vocabulary(
    paragraph=f"{_W}p",
    run=f"{_W}r",
    format=f"{_W}rPr",
    text=f"{_W}t",
    breaks={f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n"},
    around=_named(_W, "hyperlink ins moveTo smartTag fldSimple customXml dir bdo sdt"),
    content={f"{_W}sdt": f"{_W}sdtContent"},
    head=f"{_W}pPr",
    tail="",
    dropped=_named(_W, "proofErr lastRenderedPageBreak softHyphen"),
    unimportant=_named(_W, "lang noProof rsid"),
)
DRAWING = Vocabulary(
    paragraph=f"{_A}p",
    run=f"{_A}r",
    format=f"{_A}rPr",
    text=f"{_A}t",
    breaks={f"{_A}br": "\n"},
    around=frozenset(),
    content={},
    head=f"{_A}pPr",
    tail=f"{_A}endParaRPr",
    dropped=frozenset(),
    unimportant=frozenset(),
)
#: Attributes of DrawingML run properties that are about spelling and editing.
_EDITING = ("lang", "altLang", "dirty", "err", "noProof", "smtClean")


#: A run with one of its children, or an element that stands among the runs.
_Thing: TypeAlias = tuple[etree._Element, etree._Element | None]


class OfficeParagraph:
    """A paragraph element.

    Attributes:
        paragraph: its text and marks.
    """

    def __init__(self, element: etree._Element, vocabulary: Vocabulary) -> None:
        self._element = element
        self._words = vocabulary
        self._text: list[str] = []
        self._size = 0
        self._marks: list[Mark] = []
        self._formats: dict[int, etree._Element | None] = {}
        self._around: dict[int, etree._Element] = {}
        self._things: dict[tuple[Kind, int], list[_Thing]] = {}
        runs = list(_runs(element, vocabulary))
        self._common, self._shape = _commonest(runs, vocabulary)
        self._open: tuple[bytes, int] | None = None  # a format that is not the common one
        self._whole_fields = _whole_fields(runs)
        self._instruction: list[_Thing] = []  # a field before its result
        self._depth = 0
        self._results: list[int] = []  # keys of fields whose results are being read
        self._read()
        self._end_format()
        self.paragraph = Paragraph("".join(self._text), tuple(self._marks))

    def write(self, parts: Sequence[Part]) -> None:
        """Put the translation in place of the runs; nothing is touched where nothing changed."""
        source = self.paragraph.text
        if all(part.target in (t := source[part.start : part.end], spoken(t)) for part in parts):
            return
        items = place(self.paragraph, parts)
        element, words = self._element, self._words
        head = element.find(words.head)
        tail = element.find(words.tail) if words.tail else None
        for child in list(element):
            element.remove(child)
        element.extend([head] if head is not None else [])
        self._fill(items)
        element.extend([tail] if tail is not None else [])

    def _fill(self, items: Sequence[Item]) -> None:
        places = [self._element]
        shapes = [self._shape]
        fresh: tuple[etree._Element | None, etree._Element | None] = None, None
        for item in items:
            if isinstance(item, str | Unchanged):
                text = item
                if isinstance(item, Unchanged):
                    text = self.paragraph.text[item.start : item.end]
                # The elements that tabs and line ends stood for are written as marks.
                text = _ILLEGAL.sub("", str(text)).replace("\t", "").replace("\n", "")
                last = places[-1][-1] if len(places[-1]) else None
                if last is not None and last is fresh[0] and shapes[-1] is fresh[1]:
                    self._write_words(last[-1], f"{last[-1].text}{text}")
                elif text:
                    fresh = self._run(text, shapes[-1]), shapes[-1]
                    places[-1].append(fresh[0])
            elif (item.kind, item.key) in self._things:
                places[-1].extend(map(self._thing, self._things[item.kind, item.key]))
            elif item.key in self._formats:
                if item.kind is Kind.OPEN:
                    shapes.append(self._formats[item.key])
                else:
                    shapes.pop()
            elif item.kind is Kind.OPEN:
                outer = self._around[item.key]
                places[-1].append(outer)
                inner = self._words.content.get(str(outer.tag))
                places.append(next(outer.iterchildren(inner)) if inner else outer)
            else:
                places.pop()

    def _run(self, text: str, shape: etree._Element | None) -> etree._Element:
        """A new run."""
        words = self._words
        run = self._element.makeelement(words.run)
        if shape is not None:
            run.append(_without_language(copy(shape), words))
        self._write_words(etree.SubElement(run, words.text), text)
        return run

    def _write_words(self, element: etree._Element, text: str) -> None:
        element.text = text
        if self._words is WORD and (text != text.strip() or "  " in text):
            element.set(_SPACE, "preserve")

    def _thing(self, thing: _Thing) -> etree._Element:
        """What goes back into the paragraph; a text box in it is moved and not copied."""
        element, child = thing
        if child is None:
            return element
        alone = _bare(element)
        shape = element.find(self._words.format)
        if shape is not None:
            alone.append(copy(shape))
        alone.append(child)
        return alone

    def _read(self) -> None:
        words = self._words
        waiting: list[etree._Element | int] = [
            each for each in reversed(self._element) if each.tag not in (words.head, words.tail)
        ]
        while waiting:
            each = waiting.pop()
            if isinstance(each, int):
                self._end_format()
                self._mark(Kind.CLOSE, each)
            elif each.tag == words.run:
                self._take_run(each)
            elif each.tag in words.around:
                self._end_format()
                key = self._mark(Kind.OPEN)
                self._around[key], inside = self._emptied(each)
                waiting += [key, *reversed(inside)]
            elif each.tag not in words.dropped:
                self._point((each, None), words.breaks.get(str(each.tag), ""))

    def _emptied(self, element: etree._Element) -> tuple[etree._Element, list[etree._Element]]:
        """A copy of an element around runs without what is in it, and what is in it."""
        outer = _bare(element)
        content = self._words.content.get(str(element.tag))
        inside: list[etree._Element] = []
        for each in element:
            if each.tag == content:
                outer.append(_bare(each))
                inside += each
            elif content is not None or str(each.tag).endswith("Pr"):
                outer.append(copy(each))
            else:
                inside.append(each)
        if content is not None and outer.find(content) is None:
            etree.SubElement(outer, content)
        return outer, inside

    def _take_run(self, run: etree._Element) -> None:
        words = self._words
        shape = run.find(words.format)
        for child in run:
            if child.tag == words.format or child.tag in words.dropped:
                continue
            if child.tag == _FIELD and self._whole_fields:
                self._take_field(run, child)
            elif self._depth:
                self._instruction.append((run, child))
            elif child.tag == words.text:
                self._add(re.sub(r"[\t\n\r]", " ", child.text or ""), shape)
            else:
                self._point((run, child), words.breaks.get(str(child.tag), ""))

    def _take_field(self, run: etree._Element, child: etree._Element) -> None:
        """Read the beginning, middle or end of a field: its result is words of the sentence."""
        kind = child.get(f"{_W}fldCharType")
        if self._depth or kind == "begin":
            self._instruction.append((run, child))
        if kind == "begin":
            self._depth += 1
        elif kind == "separate" and self._depth == 1:
            self._end_format()
            key = self._mark(Kind.OPEN)
            self._things[Kind.OPEN, key] = self._instruction
            self._instruction, self._depth = [], 0
            self._results.append(key)
        elif kind == "end" and self._depth:
            self._depth -= 1
            if not self._depth:  # it has no result
                self._things[Kind.POINT, self._mark(Kind.POINT)] = self._instruction
                self._instruction = []
        elif kind == "end" and self._results:
            self._end_format()
            key = self._mark(Kind.CLOSE, self._results.pop())
            self._things[Kind.CLOSE, key] = [(run, child)]

    def _point(self, thing: _Thing, space: str = "") -> None:
        self._things[Kind.POINT, self._mark(Kind.POINT)] = [thing]
        if space:
            self._text.append(space)
            self._size += 1

    def _add(self, text: str, shape: etree._Element | None) -> None:
        if not text:
            return
        name = _canonical(shape, self._words)
        if self._open is not None and self._open[0] != name:
            self._end_format()
        if self._open is None and name != self._common:
            key = self._mark(Kind.OPEN)
            self._formats[key] = shape
            self._open = name, key
        self._text.append(text)
        self._size += len(text)

    def _end_format(self) -> None:
        if self._open is not None:
            self._mark(Kind.CLOSE, self._open[1])
            self._open = None

    def _mark(self, kind: Kind, key: int = 0) -> int:
        key = key or len(self._marks) + 1
        self._marks.append(Mark(self._size, kind, key))
        return key


def _bare(element: etree._Element) -> etree._Element:
    """An element with the same name and attributes and nothing in it."""
    made = element.makeelement(element.tag)
    for name, value in element.items():
        made.set(name, value)
    return made


def _runs(element: etree._Element, words: Vocabulary) -> Iterator[etree._Element]:
    """The runs of a paragraph, but for those of paragraphs inside it."""
    waiting = list(reversed(element))
    while waiting:
        each = waiting.pop()
        if each.tag == words.run:
            yield each
        elif each.tag in words.around or each.tag in words.content.values():
            waiting += reversed(each)


def _commonest(
    runs: Sequence[etree._Element], words: Vocabulary
) -> tuple[bytes, etree._Element | None]:
    """The format that most of a paragraph's text is in."""
    sizes: Counter[bytes] = Counter()
    shapes: dict[bytes, etree._Element | None] = {}
    for run in runs:
        shape = run.find(words.format)
        name = _canonical(shape, words)
        shapes.setdefault(name, shape)
        sizes[name] += sum(len(text.text or "") for text in run.findall(words.text))
    if not sizes:
        return b"", None
    name = max(sizes, key=lambda each: sizes[each])
    return name, shapes[name]


def _canonical(shape: etree._Element | None, words: Vocabulary) -> bytes:
    """A format in a form that is equal for equal formats."""
    if shape is None:
        return b""
    given = sorted(f"{key!s}={value!s}" for key, value in shape.items() if key not in _EDITING)
    parts = [etree.tostring(c, method="c14n") for c in shape if c.tag not in words.unimportant]
    return "\n".join(given).encode() + b"".join(parts)


def _without_language(shape: etree._Element, words: Vocabulary) -> etree._Element:
    """A format that no longer says which language its words are in, now that it is another."""
    for child in [each for each in shape if each.tag in words.unimportant]:
        shape.remove(child)
    for name in _EDITING:
        if name in shape.attrib:
            del shape.attrib[name]
    return shape


def _whole_fields(runs: Sequence[etree._Element]) -> bool:
    """Whether every field that begins in a paragraph ends in it, and the other way round."""
    depth = 0
    for run in runs:
        for child in run.findall(_FIELD):
            kind = child.get(f"{_W}fldCharType")
            depth += (kind == "begin") - (kind == "end")
            if depth < 0:
                return False
    return depth == 0
