"""The text of a PDF, page by page; what comes out is plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.documents.source import Source
from models.errors import DocumentError
from models.paragraph import Conversation, Paragraph
from models.placement import Unchanged, place

_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad]\n(?=[^\W\d_])")
_MARGIN = re.compile(r"[^\S\n]+(?=\n|$)")


def translated(source: Source) -> Conversation[None]:
    """The conversation about a PDF."""
    return source.counted(_pages(source))


def _pages(source: Source) -> Conversation[None]:
    found = False
    for text in _texts(source):
        if not text.strip():
            continue
        page = Paragraph(text.strip())
        (parts,) = yield [page]
        if found:
            source.target.write(b"\n\n")
        found = True
        for item in place(page, parts):
            words = page.text[item.start : item.end] if isinstance(item, Unchanged) else item
            if isinstance(words, str):
                source.target.write(words.encode("utf-8", "replace"))
    if not found:
        raise DocumentError(
            "The PDF holds pictures of pages and no text; run text recognition on it first."
        )
    source.target.write(b"\n")


def _texts(source: Source) -> Iterator[str]:
    """The text of each page.

    Raises:
        DocumentError: the file is broken, locked, or has too many pages.
    """
    import pypdf
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = pypdf.PdfReader(source.file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError("The PDF is locked; save it without a password.")
        if len(reader.pages) > source.limits.pages:
            raise DocumentError(f"The PDF has more than {source.limits.pages:,} pages; split it.")
        for page in reader.pages:
            text = _MARGIN.sub("", page.extract_text().replace("\x00", ""))
            yield _HYPHEN.sub("", text)
    except DocumentError:
        raise
    except DependencyError as error:  # a cipher that needs a library beside
        raise DocumentError("The PDF is locked; save it without a password.") from error
    # A broken PDF makes the library fail in many ways, none of them documented.
    except (
        PyPdfError,
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        OSError,
        RecursionError,
        AssertionError,
        NotImplementedError,
        ImportError,
    ) as error:
        raise DocumentError(
            f"The PDF cannot be read ({type(error).__name__}); save or print it again as PDF."
        ) from error
