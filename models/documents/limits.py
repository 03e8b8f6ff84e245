"""How large a document may be once it is unpacked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep a small file from becoming a large problem.

    Attributes:
        file_bytes: of a file that is read whole: text, pages, subtitles.
        unpacked_bytes: of all entries of a document that is an archive.
        part_bytes: of one entry whose words are translated; its tree takes several times as much.
        ratio: how many times its packed size an archive may grow.
        entries: files in an archive.
        pages: of a PDF.
        characters: of words to translate.
    """

    file_bytes: int = 64 * 2**20
    unpacked_bytes: int = 512 * 2**20
    part_bytes: int = 32 * 2**20
    ratio: int = 200
    entries: int = 20_000
    pages: int = 5_000
    characters: int = 20_000_000
