"""What every format gets to work with: the document, where its translation goes, the limits."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

from models.documents.limits import Limits
from models.errors import DocumentError
from models.paragraph import Conversation, Paragraph, Part

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """A document to translate.

    Attributes:
        file: the document, open at its beginning.
        target: where the translation is written.
        extension: the kind of document.
        limits: how large it may be.
        decode: gives the text of some bytes and the name of their encoding.
    """

    file: BinaryIO
    target: BinaryIO
    extension: str
    limits: Limits
    decode: Callable[[bytes], tuple[str, str]]

    def text(self) -> tuple[str, str]:
        """The whole file as text, and the name of its encoding.

        Raises:
            DocumentError: it is too long, or no text.
        """
        data = self.file.read(self.limits.file_bytes + 1)
        if len(data) > self.limits.file_bytes:
            raise DocumentError(
                f"The file is longer than {self.limits.file_bytes:,} bytes; send it in parts."
            )
        return self.decode(data)

    def counted(
        self, conversation: Conversation[T]
    ) -> Generator[Sequence[Paragraph], Sequence[Sequence[Part]], T]:
        """The same conversation, ended when there is more to translate than allowed.

        Raises:
            DocumentError: there is.
        """
        left = self.limits.characters
        parts: Sequence[Sequence[Part]] | None = None
        while True:
            try:
                batch = next(conversation) if parts is None else conversation.send(parts)
            except StopIteration as stop:
                result: T = stop.value
                return result
            left -= sum(len(paragraph.text) for paragraph in batch)
            if left < 0:
                raise DocumentError(
                    f"The document has more than {self.limits.characters:,} characters to "
                    f"translate; send it in parts."
                )
            parts = yield batch


def unicode_text(data: bytes) -> tuple[str, str]:
    """The text of bytes in UTF-8, or in UTF-16 with its mark.

    Raises:
        DocumentError: they are in neither.
    """
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    name = "utf-16" if wide else "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"
    try:
        return data.decode(name), name
    except UnicodeDecodeError:
        raise DocumentError("The file is not in Unicode; save it as UTF-8 first.") from None
