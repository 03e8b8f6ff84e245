"""Puts the marks of a paragraph back among the words of its translation.

An element keeps its words: `<b>` around a name is around that name afterwards, even where the
order of words has changed. What belongs together is found from links that the network gives, from
words that are alike in both languages (numbers, names), and from the element's words translated
alone and looked for in the sentence. Where nothing tells, the place in the sentence decides,
moved to the nearest border of a word. Every mark comes out exactly once, well nested where it
went in well nested.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from models.paragraph import Kind, Mark, Paragraph, Part, spoken, without_kept
from models.room import Claim, Room
from models.wordlinks import WordLinks

#: Marks in one segment beyond which only their place decides.
MOST_MARKS = 64


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A stretch of the paragraph's text that comes out as it went in."""

    start: int
    end: int


#: What a format writes, in order: unchanged source text, new words, a mark.
Item: TypeAlias = Unchanged | str | Mark


@dataclass(slots=True)
class _Node:
    """An element, or a point, inside one segment; offsets count from the segment's start."""

    start: int
    end: int
    opening: Mark | None = None
    closing: Mark | None = None
    children: list[_Node] = field(default_factory=list)
    probe: str = ""
    low: int = 0  # in the translation
    high: int = 0

    @property
    def kept(self) -> bool:
        return self.opening is not None and self.opening.kind is Kind.KEPT

    @property
    def empty(self) -> bool:
        return self.start == self.end


def probes(paragraph: Paragraph, start: int, end: int) -> tuple[str, ...]:
    """Texts whose translations tell where the marks of the segment go; often none.

    They are the words of each inline element of the segment and, where words must be kept, the
    sentence without them.
    """
    inner = _inside(paragraph, start, end)
    marks = paragraph.marks[inner.start : inner.stop]
    if not marks or len(marks) > MOST_MARKS:
        return ()
    text = paragraph.text[start:end]
    found: list[str] = []
    if any(mark.kind is Kind.KEPT for mark in marks):
        found.append(without_kept(paragraph, start, end))
    root = _tree(marks, start, len(text))
    if root is not None:
        found += [text[node.start : node.end].strip() for node in _worth_a_probe(root)]
    return tuple(map(spoken, found))


def place(paragraph: Paragraph, parts: Sequence[Part]) -> list[Item]:
    """The paragraph in translation: words and marks in the order they are to be written.

    `parts` are in order and do not overlap; text outside them stays as it is.
    """
    items: list[Item] = []
    marks = paragraph.marks
    number = at = 0

    def unchanged(until: int, last: int) -> None:
        """Copy the text up to an offset and the marks up to a number."""
        nonlocal number, at
        for mark in marks[number:last]:
            if mark.at > at:
                items.append(Unchanged(at, mark.at))
            items.append(mark)
            at = mark.at + mark.length
        number = max(number, last)
        if until > at:
            items.append(Unchanged(at, until))
            at = until

    for part in parts:
        inner = _inside(paragraph, part.start, part.end)
        unchanged(part.start, inner.start)
        if part.target in (text := paragraph.text[part.start : part.end], spoken(text)):
            unchanged(part.end, inner.stop)
            continue
        within = marks[inner.start : inner.stop]
        items += _placed(paragraph, part, within) if within else [part.target]
        number, at = inner.stop, part.end
    unchanged(len(paragraph.text), len(marks))
    return items


def _inside(paragraph: Paragraph, start: int, end: int) -> range:
    """Numbers of the marks inside a segment.

    A mark at an edge is inside only if its element has the other end further in; what is around
    the whole segment stays around it.
    """
    marks = paragraph.marks
    first = bisect_left(marks, start, key=lambda mark: mark.at)
    inner = first
    while inner < len(marks) and marks[inner].at == start and not marks[inner].length:
        inner += 1
    last = max(inner, bisect_left(marks, end, key=lambda mark: mark.at))
    after = last
    while after < len(marks) and marks[after].at == end and not marks[after].length:
        after += 1
    opened = {mark.key for mark in marks[inner:last] if mark.kind is Kind.OPEN}
    closed = {mark.key for mark in marks[inner:last] if mark.kind is Kind.CLOSE}
    for number in range(first, inner):
        if marks[number].kind is Kind.OPEN and marks[number].key in closed:
            inner = number
            break
    for number in range(after - 1, last - 1, -1):
        if marks[number].kind is Kind.CLOSE and marks[number].key in opened:
            return range(inner, number + 1)
    return range(inner, last)


def _placed(paragraph: Paragraph, part: Part, marks: Sequence[Mark]) -> list[Item]:
    """One segment with marks among its new words."""
    source = paragraph.text[part.start : part.end]
    asked = probes(paragraph, part.start, part.end)
    answers = part.probes if len(part.probes) == len(asked) else ()
    keeping = any(mark.kind is Kind.KEPT for mark in marks)
    items: list[Item] | None = None
    if len(marks) <= MOST_MARKS:
        items = _attempt(source, part, marks, part.target, answers[1:] if keeping else answers)
    if items is None and keeping:
        # The words to keep are not in the translation: it is that of the sentence without them.
        target = answers[0] if answers else part.target
        points = [_without_words(mark) for mark in marks]
        items = _attempt(source, part, points, target, answers[1:])
        if items is None:
            items = _in_order(source, part, points, target)
        number = {id(point): mark for point, mark in zip(points, marks, strict=True)}
        items = [number.get(id(each), each) for each in items]
    elif items is None:
        items = _in_order(source, part, marks, part.target)
    return _spaced(items, paragraph.text)


def _spaced(items: Sequence[Item], source: str) -> list[Item]:
    """The items, where what stood free between spaces stands free again."""
    found: list[Item] = []
    after = False  # a space is wanted before the next word
    for item in items:
        if isinstance(item, Mark) and item.kind in (Kind.POINT, Kind.KEPT):
            end = item.at + item.length
            free = source[item.at - 1 : item.at].isspace() and source[end : end + 1].isspace()
            before = found[-1] if found else ""
            if (free or item.length) and isinstance(before, str) and before[-1:].isalnum():
                found.append(" ")
            after = free or item.length > 0
        elif isinstance(item, str):
            item = " " + item if after and item[:1].isalnum() else item
            after = False
        found.append(item)
    return found


def _without_words(mark: Mark) -> Mark:
    return Mark(mark.at, Kind.POINT if mark.kind is Kind.KEPT else mark.kind, mark.key)


def _tree(marks: Sequence[Mark], start: int, length: int) -> _Node | None:
    """The marks as elements in one another; None where they are crossed."""
    root = _Node(0, length)
    path = [root]
    for mark in marks:
        at = mark.at - start
        if mark.kind is Kind.OPEN:
            node = _Node(at, length, opening=mark)
            path[-1].children.append(node)
            path.append(node)
        elif mark.kind is not Kind.CLOSE:
            path[-1].children.append(_Node(at, at + mark.length, opening=mark))
        elif len(path) > 1:
            node = path.pop()
            if node.opening is None or node.opening.key != mark.key:
                return None
            node.end, node.closing = at, mark
        else:  # it began in an earlier segment: all that came before is in it
            root.children = [_Node(0, at, closing=mark, children=root.children)]
    return root


def _nodes(root: _Node) -> list[_Node]:
    """Every node below the root, a parent before its children."""
    found: list[_Node] = []
    waiting = root.children[::-1]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting += node.children[::-1]
    return found


def _worth_a_probe(root: _Node) -> list[_Node]:
    return [
        node
        for node in _nodes(root)
        if not node.kept and not node.empty and node.end - node.start < root.end
    ]


def _attempt(
    source: str, part: Part, marks: Sequence[Mark], target: str, answers: Sequence[str]
) -> list[Item] | None:
    """The segment with every element around its words; None where that cannot be done."""
    root = _tree(marks, part.start, len(source))
    if root is None:
        return None
    asked = _worth_a_probe(root)
    if len(answers) == len(asked):
        for node, answer in zip(asked, answers, strict=True):
            node.probe = answer
    room = Room(WordLinks(source, target, part.links if target == part.target else ()))
    root.low, root.high = 0, len(target)
    for node in _nodes(root):
        if node.kept:
            found = room.copy_of(node.start, node.end)
            if found is None:
                return None
            node.low, node.high = found
    waiting = [root]
    while waiting:
        parent = waiting.pop()
        if not _settle(parent, room):
            return None
        waiting += [child for child in parent.children if child.children]
    return _written(root, target)


def _settle(parent: _Node, room: Room) -> bool:
    """Give each child of a settled node its place inside it; False where kept words collide."""
    within = room.within(parent.low, parent.high)
    wanted: list[tuple[float, int, _Node, Claim]] = []
    for number, node in enumerate(parent.children):
        if node.empty:
            continue
        hull = _hull(node)
        claim = Claim(
            node.start,
            node.end,
            probe=node.probe,
            must=hull,
            from_start=node.opening is None,
            to_end=node.closing is None and not node.kept,
        )
        if node.kept:
            certainty = 1e9
        else:
            certainty = 1e6 if hull else 1e3 if claim.pinned else within.certainty(claim)
        wanted.append((-certainty, number, node, claim))
    for _, _, node, claim in sorted(wanted, key=lambda each: each[:2]):
        found = within.take(claim, exact=node.kept)
        if found is None:
            return False
        node.low, node.high = found
    before = parent.low
    for number, node in enumerate(parent.children):
        if node.empty:
            at = max(before, within.point(node.start))  # points keep their order
            for other, sibling in enumerate(parent.children):
                if sibling.low < at < sibling.high and not sibling.empty:
                    at = sibling.low if number < other else sibling.high
            node.low = node.high = before = max(before, at)
    return True


def _hull(node: _Node) -> tuple[int, int] | None:
    """The stretch of the translation that holds the kept words in a node."""
    kept = [each for each in [node, *_nodes(node)] if each.kept]
    if not kept:
        return None
    return min(each.low for each in kept), max(each.high for each in kept)


def _written(root: _Node, target: str) -> list[Item] | None:
    """The words and marks in order; None where kept words would be cut."""
    items: list[Item] = []
    at = 0
    # What is left to write, last first: nodes, and the ends of nodes that have begun.
    waiting: list[tuple[_Node, int, int] | tuple[_Node, int]] = [(root, 0, len(target))]

    def words(until: int) -> None:
        nonlocal at
        if until > at:
            items.append(target[at:until])
            at = until

    while waiting:
        entry = waiting.pop()
        if len(entry) == 2:
            node, high = entry
            words(high)
            if node.closing is not None:
                items.append(node.closing)
            continue
        node, low, high = entry
        low = max(low, at)
        words(low)
        if node.opening is not None:
            items.append(node.opening)
        if node.kept:
            if (low, high) != (node.low, node.high):
                return None
            at = high
            continue
        waiting.append((node, high))
        inner: list[tuple[_Node, int, int]] = []
        edge = low
        for child in sorted(node.children, key=lambda each: each.low):
            begin = min(max(child.low, edge), high)
            edge = min(max(child.high, begin), high)
            inner.append((child, begin, edge))
        waiting += reversed(inner)
    return items


def _in_order(source: str, part: Part, marks: Sequence[Mark], target: str) -> list[Item]:
    """The segment with its marks in the order they had, each at its place in the sentence."""
    room = Room(WordLinks(source, target, part.links if target == part.target else ()))
    within = room.within(0, len(target))
    items: list[Item] = []
    at = 0
    for mark in marks:
        place = max(at, within.point(mark.at - part.start))
        if place > at:
            items.append(target[at:place])
            at = place
        items.append(mark)
    if at < len(target):
        items.append(target[at:])
    return items
