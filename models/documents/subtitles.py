"""SubRip subtitles: words change, numbers and times stay as they are, right or wrong.

A sentence may run over several subtitles. They are translated together, and the border between
two of them goes to the place in the translation that it had in the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.documents.source import Source
from models.errors import DocumentError
from models.paragraph import Conversation, Kind, Mark, Paragraph, Part
from models.placement import Unchanged, place

#: Subtitles that one sentence may run over.
MOST = 5
#: Groups handed out together.
BATCH = 200

#: A line with times, then lines that are not blank and do not begin the next subtitle.
_CUE = re.compile(
    r"(?:^|(?<=\n))[^\n]*-->[^\n]*\n"
    r"(?P<words>(?:(?![^\n]*-->)(?![^\S\n]*\d+[^\S\n]*\n[^\n]*-->)[^\n]*\S[^\n]*(?:\n|$))+)"
)
_CODE = re.compile(r"<(/?)([a-zA-Z]+)[^<>\n]*>|\{\\[^}\n]*\}")
_ENDED = re.compile(r"[.!?…:][\"»”')\]]*$|[♪♫]$")
_SPEAKER = re.compile(r"\s*[-–—]\s*\w", re.MULTILINE)


@dataclass(slots=True)
class _Cue:
    """The words of one subtitle."""

    start: int
    end: int
    lines: int
    written: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    """Subtitles that are translated together; an empty code is the border between two."""

    cues: list[_Cue]
    words: list[str] = field(default_factory=list)
    size: int = 0
    marks: list[Mark] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    speakers: bool = False

    def paragraph(self) -> Paragraph:
        """The words of all of them."""
        return Paragraph("".join(self.words), tuple(self.marks))

    def take(self, text: str) -> None:
        """Take the words of one more subtitle."""
        at = 0
        opened: list[tuple[str, int]] = []
        for code in _CODE.finditer(text):
            self._add(text[at : code.start()])
            at = code.end()
            name = code[2]
            if name and not code[1]:
                opened.append((name, self.mark(Kind.OPEN, code[0])))
            elif name and opened and opened[-1][0] == name:
                self.mark(Kind.CLOSE, code[0], -opened.pop()[1])
            else:
                self.mark(Kind.POINT, code[0])
        self._add(text[at:])

    def mark(self, kind: Kind, code: str, key: int = 0) -> int:
        """Put a code here. The end of an element has the key of its beginning."""
        number = len(self.codes) + 1
        self.codes[key or number] = code
        self.marks.append(Mark(self.size, kind, -key or number))
        return number

    def _add(self, text: str) -> None:
        if not self.speakers:
            text = text.replace("\n", " ")
        self.words.append(text)
        self.size += len(text)


def translated(source: Source) -> Conversation[None]:
    """The conversation about a file of subtitles.

    Raises:
        DocumentError: there is no subtitle in it.
    """
    text, _ = source.text()
    return source.counted(_subtitles(source, text.replace("\r\n", "\n").replace("\r", "\n")))


def _subtitles(source: Source, text: str) -> Conversation[None]:
    groups = _groups(text)
    if not groups:
        raise DocumentError(
            "No subtitle was found in the file; each begins with a line like "
            "00:00:01,000 --> 00:00:02,500."
        )
    at = 0
    for first in range(0, len(groups), BATCH):
        batch = groups[first : first + BATCH]
        answers = yield [group.paragraph() for group in batch]
        for group, parts in zip(batch, answers, strict=True):
            _fill(group, parts)
            for cue in group.cues:
                words = _wrapped("".join(cue.written), 1 if group.speakers else cue.lines)
                source.target.write(f"{text[at : cue.start]}{words}".encode("utf-8", "replace"))
                at = cue.end
    source.target.write(text[at:].encode("utf-8", "replace"))


def _groups(text: str) -> list[_Group]:
    groups: list[_Group] = []
    going_on = False
    for found in _CUE.finditer(text):
        words = found["words"].rstrip("\n")
        start = found.start("words")
        cue = _Cue(start, start + len(words), words.count("\n") + 1)
        plain = _CODE.sub("", words).strip()
        speakers = len(_SPEAKER.findall(plain)) > 1
        follows = going_on and not speakers and (plain[:1].islower() or plain[:1] in "…,")
        if follows and len(groups[-1].cues) < MOST:
            group = groups[-1]
            group.mark(Kind.POINT, "")
            group.words.append(" ")
            group.size += 1
            group.cues.append(cue)
        else:
            group = _Group([cue], speakers=speakers)
            groups.append(group)
        group.take(words)
        going_on = not speakers and bool(plain) and not _ENDED.search(plain)
    return groups


def _fill(group: _Group, parts: Sequence[Part]) -> None:
    """Give each subtitle of a group its words."""
    paragraph = group.paragraph()
    number = 0
    for item in place(paragraph, parts):
        if isinstance(item, Mark):
            code = group.codes[-item.key if item.kind is Kind.CLOSE else item.key]
            if not code:
                number += 1
        elif isinstance(item, Unchanged):
            code = paragraph.text[item.start : item.end]
        else:
            code = item.replace("\n", " ")
        group.cues[number].written.append(code)
    if any(not "".join(cue.written).strip() for cue in group.cues) and not any(
        group.codes.values()
    ):
        _share_out(group.cues)


def _share_out(cues: Sequence[_Cue]) -> None:
    """Give each subtitle of a sentence some of its words, since an empty one is a fault on screen.

    Where the translation is shorter than the number of subtitles, the last ones stay empty.
    """
    words = " ".join("".join(cue.written) for cue in cues).split()
    whole = sum(cue.end - cue.start for cue in cues)
    at, before = 0, 0
    for number, cue in enumerate(cues, 1):
        before += cue.end - cue.start
        left = len(cues) - number
        end = min(max(round(len(words) * before / whole), at + 1), max(len(words) - left, at + 1))
        cue.written = [" ".join(words[at:end])]
        at = end


def _wrapped(words: str, lines: int) -> str:
    """The words in as many lines as the subtitle had, none much longer than another."""
    words = words.strip()
    while lines > 1:
        aim = len(words) / lines
        spaces = [found.start() for found in re.finditer(" ", _CODE.sub(_blank, words))]
        if not spaces:
            break
        at = min(spaces, key=lambda space: abs(space - aim))
        return f"{words[:at]}\n{_wrapped(words[at + 1 :], lines - 1)}"
    return words


def _blank(code: re.Match[str]) -> str:
    return "x" * len(code[0])
