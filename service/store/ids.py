"""Public ids: short, prefixed, and made from what they name.

The same article gives the same ids on every machine and in every run. So a run that was killed can
be repeated, two stores can be compared, and a link in a report still works after a re-import.
"""

from __future__ import annotations

import secrets
from base64 import b32encode
from collections.abc import Iterable
from hashlib import sha256

#: Bytes of the digest in an id: at a million rows two would meet once in some 30 million stores.
_BYTES = 10


def digest(text: str) -> str:
    """The sha256 of a text in UTF-8, in hex."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def make(prefix: str, parts: Iterable[object]) -> str:
    """The id of what `parts` describe: `doc_` and 16 characters of a–z2–7."""
    # A separator that no part holds keeps ("ab", "c") and ("a", "bc") apart.
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    raw = sha256(joined.encode("utf-8", "surrogatepass")).digest()[:_BYTES]
    return f"{prefix}_{b32encode(raw).decode().lower()}"


def fresh(prefix: str) -> str:
    """An id for what people make (a judgement, a key, a run), which nothing else determines."""
    return f"{prefix}_{b32encode(secrets.token_bytes(_BYTES)).decode().lower()}"


def outlet(name: str) -> str:
    """The id of an outlet; case and spacing of its name do not matter."""
    return make("out", [" ".join(name.split()).casefold()])


def article(key: str) -> str:
    """The id of an article, whatever its version."""
    return make("art", [key])


def document(article_id: str, content_hash: str) -> str:
    """The id of one version of an article."""
    return make("doc", [article_id, content_hash])


def claim(document_id: str, start: int, end: int, ordinal: int = 0) -> str:
    """The id of a claim by its place; `ordinal` tells claims of the same span apart."""
    return make("clm", [document_id, start, end, ordinal])


def group(event_id: str, anchor: str) -> str:
    """The id of a claim group by its anchor, the claim that was published first."""
    return make("grp", [event_id, anchor])


def pair(a: Iterable[str], b: Iterable[str]) -> str:
    """The id of a pair by its claims; which side is which does not matter."""
    sides = sorted(("+".join(sorted(a)), "+".join(sorted(b))))
    return make("pair", sides)


def alignment(a_document: str, b_document: str) -> str:
    """The id of the alignment of two documents, whichever comes first."""
    return make("aln", sorted((a_document, b_document)))


def translation(
    text_hash: str, source: str, target: str, packages: Iterable[str], options: str
) -> str:
    """The id of a translation by its text and everything that made it."""
    return make("trn", [text_hash, source, target, *packages, options])


def silence(claim_id: str, language: str, documents: Iterable[str], kind: str) -> str:
    """The id of a silence by the claim, the language and the documents that were searched."""
    return make("sil", [claim_id, language, kind, *sorted(documents)])


def unit(source: str, target: str, source_language: str, target_language: str) -> str:
    """The id of a translation unit of the memory."""
    return make("unit", [source_language, target_language, source, target])
