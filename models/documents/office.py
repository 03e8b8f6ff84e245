"""Word and PowerPoint documents (ECMA-376): words change, styles stay with their words.

Every paragraph wherever it stands (body, tables, text boxes, notes, headers) is read as text in
its commonest format, with the runs in other formats as elements in it. After translation it is
written as new runs with the same properties; everything else in the archive is copied.
"""

from __future__ import annotations

import re

from lxml import etree

from models.documents import container
from models.documents.office_paragraph import DRAWING, WORD, OfficeParagraph, Vocabulary
from models.documents.source import Source
from models.errors import DocumentError
from models.paragraph import Conversation

#: Paragraphs handed out together.
BATCH = 200

_WORD_PARTS = re.compile(r"word/(?:document|header|footer|footnotes|endnotes|comments)\d*\.xml")
_SLIDE_PARTS = re.compile(r"ppt/(?:slides|notesSlides)/\w+\.xml")


def translated(source: Source) -> Conversation[None]:
    """The conversation about a .docx or .pptx file."""
    word = source.extension == ".docx"
    names = _WORD_PARTS if word else _SLIDE_PARTS
    vocabulary = WORD if word else DRAWING

    def read(name: str, data: bytes) -> Conversation[bytes]:
        return _part(name, data, vocabulary)

    return source.counted(
        container.converse(source, lambda name: bool(names.fullmatch(name)), read)
    )


def _part(name: str, data: bytes, vocabulary: Vocabulary) -> Conversation[bytes]:
    root = _parsed(name, data)
    found = [OfficeParagraph(each, vocabulary) for each in root.iter(vocabulary.paragraph)]
    wanted = [each for each in found if any(map(str.isalpha, each.paragraph.text))]
    for first in range(0, len(wanted), BATCH):
        batch = wanted[first : first + BATCH]
        answers = yield [each.paragraph for each in batch]
        for each, parts in zip(batch, answers, strict=True):
            each.write(parts)
    made: bytes = etree.tostring(
        root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True
    )
    return made


def _parsed(name: str, data: bytes) -> etree._Element:
    """The tree of one part.

    Raises:
        DocumentError: it is not well-formed, or has a document type, which no such part may have.
    """
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise DocumentError(
            f"{name} in the file is broken ({error.msg}); open the document and save it again."
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DocumentError(f"{name} in the file declares a document type; it is not translated.")
    return root
