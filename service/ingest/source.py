"""An opened input: its name for people, its bytes, and how its encoding is to be found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedReader
from typing import Any

from service.errors import BadInput, TooMuch
from service.ingest.encodings import SAMPLE, Undecodable, decode

#: What else can be done about bytes that do not decode.
LENIENT = "`--lenient` keeps the text with � in place of the broken bytes"

#: Longest single record (a line, a cell, a page) that is taken into memory, in bytes.
RECORD_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Source:
    """One file, or standard input under the name `-`, open at its beginning.

    `encoding` overrules what the bytes say; `lenient` keeps broken bytes as �. `moved` is told how
    many bytes have been read so far.
    """

    name: str
    stream: BufferedReader[Any]
    encoding: str | None = None
    lenient: bool = False
    moved: Callable[[int], None] = lambda _: None

    def head(self) -> bytes:
        """The first bytes, without taking them; may be fewer than there are."""
        return self.stream.peek(SAMPLE)[:SAMPLE]

    def whole(self, limit: int = RECORD_BYTES) -> bytes:
        """Everything, when it is no longer than `limit` bytes.

        Raises:
            TooMuch: it is longer; no more than `limit` bytes were read.
        """
        data = self.stream.read(limit + 1)
        self.moved(len(data))
        if len(data) > limit:
            raise TooMuch(f"longer than {limit:,} bytes, which is more than one article; split it")
        return data

    def text(self, limit: int = RECORD_BYTES) -> str:
        """Everything as text, when it is no longer than `limit` bytes.

        Raises:
            BadInput: it is longer, binary, or in no encoding that it decodes from.
        """
        data = self.whole(limit)
        try:
            return decode(data, encoding=self.encoding, lenient=self.lenient)[0]
        except Undecodable as error:
            raise BadInput(f"{error}; {LENIENT}") from error
