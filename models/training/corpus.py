"""Sentence pairs from tab-separated files or TMX: cleaned, none of them a test sentence."""

from __future__ import annotations

import hashlib
import lzma
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from models.signs import WIRE

NAME = re.compile(r"^(?P<name>.+)\.(?P<languages>[a-z]{2}(?:-[a-z]{2})+)\.tsv(?:\.xz)?$")
MONO = re.compile(r"^(?P<name>.+)\.(?P<language>[a-z]{2})\.txt(?:\.xz)?$")
PAIRS = (("en", "ru"), ("en", "uk"), ("ru", "uk"))
MAX_WORDS = 80
MAX_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences that translate each other and the corpus that says so."""

    corpus: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What was read, what was left out and why, for one language pair."""

    read: Counter[str]
    kept: Counter[str]
    dropped: Counter[str]


def exclusion_key(sentence: str) -> str:
    """First 16 hex digits of the SHA-1 of the sentence's letters and digits, casefolded."""
    kept = "".join(c for c in sentence.casefold() if c.isalnum())
    return hashlib.sha1(kept.encode(), usedforsecurity=False).hexdigest()[:16]


def read_exclusion(path: Path | None) -> frozenset[str]:
    """Digests of sentences that must not be trained on; empty when there is no list."""
    if path is None:
        return frozenset()
    return frozenset(line.strip() for line in lines(path) if line.strip())


def lines(path: Path) -> Iterator[str]:
    """The lines of a text file, xz-compressed or not, without line ends."""
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8", newline="\n") as stream:
            for line in stream:
                yield line.rstrip("\r\n")
    else:
        with path.open(encoding="utf-8", newline="\n") as stream:
            for line in stream:
                yield line.rstrip("\r\n")


def tidy(text: str) -> str:
    """NFC text on one line with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def read_tsv(path: Path, first: str, second: str, name: str) -> Iterator[Pair]:
    """Pairs (first, second) of a file named NAME.xx-yy[-zz].tsv[.xz], if it has both."""
    match = NAME.match(path.name)
    if match is None:
        return
    languages = match["languages"].split("-")
    if first not in languages or second not in languages:
        return
    a, b = languages.index(first), languages.index(second)
    for line in lines(path):
        cells = line.split("\t")
        if len(cells) == len(languages):
            yield Pair(name, tidy(cells[a]), tidy(cells[b]))


def read_tmx(path: Path, first: str, second: str, name: str) -> Iterator[Pair]:
    """Pairs of a TMX file: units that have both languages (`ru-RU` counts as `ru`)."""
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    for _, unit in ElementTree.iterparse(path):
        if unit.tag.rpartition("}")[2] != "tu":
            continue
        texts: dict[str, str] = {}
        for variant in unit:
            code = (variant.get(lang) or variant.get("lang") or "").split("-")[0].lower()
            segment = next((e for e in variant if e.tag.rpartition("}")[2] == "seg"), None)
            if code and segment is not None:
                texts[code] = tidy("".join(segment.itertext()))
        if texts.get(first) and texts.get(second):
            yield Pair(name, texts[first], texts[second])
        unit.clear()


def files(sources: Iterable[Path]) -> list[tuple[str, Path]]:
    """(corpus name with its sub-folder, file) for each parallel file under the sources, sorted."""
    found: list[tuple[str, Path]] = []
    for source in sources:
        paths = sorted(source.rglob("*")) if source.is_dir() else [source]
        for path in paths:
            folder = "" if path == source else path.relative_to(source).parent.as_posix()
            prefix = "" if folder in ("", ".") else f"{folder}/"
            match = NAME.match(path.name)
            if match is not None:
                found.append((prefix + match["name"], path))
            elif path.suffix == ".tmx":
                found.append((prefix + path.stem, path))
    return found


def fault(pair: Pair, excluded: frozenset[str]) -> str | None:
    """Why this pair must not be trained on, or None."""
    a, b = pair.first, pair.second
    if not a or not b:
        return "empty side"
    if len(a) > MAX_CHARACTERS or len(b) > MAX_CHARACTERS:
        return "too long"
    words_a, words_b = a.count(" ") + 1, b.count(" ") + 1
    if max(words_a, words_b) > MAX_WORDS:
        return "too long"
    if max(len(a), len(b)) > 12 and not 0.4 <= len(a) / len(b) <= 2.5:
        return "length ratio"
    if a == b and words_a > 3:
        return "untranslated"
    if excluded and (exclusion_key(a) in excluded or exclusion_key(b) in excluded):
        return "test sentence"
    return None


def clean(
    sources: Iterable[Path],
    first: str,
    second: str,
    *,
    excluded: frozenset[str] = frozenset(),
    skip: Iterable[str] = (),
) -> tuple[list[Pair], Cleaning]:
    """Clean pairs (first, second) of every file under the sources, with the counts.

    `skip` names corpora, or folders ending in `/`, that stay out.
    """
    barred = tuple(skip)
    report = Cleaning(Counter(), Counter(), Counter())
    kept: list[Pair] = []
    seen: set[tuple[str, str]] = set()
    for name, path in files(sources):
        if any(name == s or (s.endswith("/") and name.startswith(s)) for s in barred):
            continue
        reader = read_tmx if path.suffix == ".tmx" else read_tsv
        for pair in reader(path, first, second, name):
            report.read[name] += 1
            reason = fault(pair, excluded)
            key = (pair.first, pair.second)
            if reason is None and key in seen:
                reason = "duplicate"
            if reason is not None:
                report.dropped[reason] += 1
                continue
            seen.add(key)
            report.kept[name] += 1
            kept.append(pair)
    return kept, report


def read_mono(
    source: Path, language: str, *, excluded: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """(corpus, sentence) of the monolingual texts, written out, without test sentences."""
    for name, sentence in mono_lines(source, language):
        if not excluded or exclusion_key(sentence) not in excluded:
            yield name, written_out(sentence)


def mono_lines(source: Path, language: str) -> Iterator[tuple[str, str]]:
    """(corpus, sentence) of every NAME.LANG.txt[.xz] under the source, as they are written."""
    for path in sorted(source.rglob("*")):
        match = MONO.match(path.name)
        if match is None or match["language"] != language:
            continue
        for line in lines(path):
            if sentence := tidy(line):
                yield match["name"], sentence


_WIRED = re.compile(rf"\b({'|'.join(WIRE)})\b")


def written_out(text: str) -> str:
    """The text with "mln dlrs" as "million dollars"; no Cyrillic text holds such words."""
    return _WIRED.sub(lambda match: WIRE[match[0]], text)


def write_pairs(path: Path, pairs: Iterable[Pair]) -> None:
    """Write pairs as `corpus, first, second` tab-separated lines."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for pair in pairs:
            stream.write(f"{pair.corpus}\t{pair.first}\t{pair.second}\n")


def read_pairs(path: Path) -> Iterator[Pair]:
    """Pairs written by `write_pairs`."""
    for line in lines(path):
        corpus, first, second = line.split("\t")
        yield Pair(corpus, first, second)
