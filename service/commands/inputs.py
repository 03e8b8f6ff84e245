"""What commands without a store read: an article or the lines of one file, in any encoding."""

from __future__ import annotations

import sys
from io import BufferedReader, FileIO
from typing import TYPE_CHECKING

from service.errors import BadInput, TooMuch
from service.ingest.encodings import decode

if TYPE_CHECKING:
    from service.settings import Settings

#: Bytes of the largest file that is read into memory at once.
FILE_BYTES = 512 * 2**20


def bytes_in(name: str) -> bytes:
    """All bytes of a file, or of standard input for `-`.

    Raises:
        OSError: it cannot be read.
        TooMuch: it is larger than `FILE_BYTES`.
    """
    raw = FileIO(sys.stdin.fileno(), closefd=False) if name == "-" else FileIO(name)
    with BufferedReader(raw) as file:
        data = file.read(FILE_BYTES + 1)
    if len(data) > FILE_BYTES:
        raise TooMuch(f"{name} is larger than {FILE_BYTES:,} bytes; split it.")
    return data


def text_in(name: str, encoding: str | None) -> str:
    """The text of a file.

    Raises:
        BadInput: it is no text, or does not decode.
    """
    data = bytes_in(name)
    try:
        return decode(data, encoding=encoding)[0].removeprefix("\ufeff")
    except BadInput as error:
        raise BadInput(f"{name}: {error}.") from error


def lines_in(name: str, encoding: str | None) -> list[str]:
    r"""The lines of a file; only `\n` ends one, as in every tool that counts them.

    Raises:
        BadInput: it is no text, or does not decode.
    """
    return split_lines(text_in(name, encoding))


def split_lines(text: str) -> list[str]:
    r"""The lines of a text, without their ends; a last line needs no `\n`."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def article_in(name: str, using: Settings, encoding: str | None) -> str:
    """The text of an article in a text or HTML file, its title first.

    Raises:
        BadInput: there is no article in it.
    """
    from service.ingest import html, text
    from service.ingest.fields import Fields
    from service.ingest.files import recognise

    fields = Fields(characters=using.document_characters)
    words = text_in(name, encoding)
    try:
        if name.lower().endswith((".html", ".htm", ".xhtml")) or (
            recognise(words[:400].encode()) == "html"
        ):
            found = html.article(words, name, fields)
        else:
            found = text.article(words, name, fields)
    except BadInput as error:
        raise BadInput(f"{name}: {error}.") from error
    if found.title and not found.text.lstrip().startswith(found.title):
        return f"{found.title}\n\n{found.text}"
    return found.text
