"""What the elements of each kind of markup mean for a translation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of markup.

    Every element not named here is inline: it stays around its words.

    Attributes:
        blocks: elements that end a sentence where they begin and where they end.
        kept: inline elements whose words stand in the sentence and come out as they are.
        silent: elements whose inside is no part of the sentence and is left as it is.
        notes: elements whose inside is no part of the sentence around them, but has sentences of
            its own.
        void: elements that have no end tag.
        raised: elements for notes and powers: silent, unless there are words in them.
        closed_by: which open elements a new one ends, by its name.
        ends_paragraph: elements before which an open `p` ends.
        translated: the elements whose text is translated; empty for all.
        verbatim: elements in which whitespace counts.
        xml: names are case-sensitive, `<x/>` has no inside, nothing but tags ends an element.
        attributes: its elements have attributes that a reader sees (see `models.attributes`).
        sections: the words in its CDATA sections are translated, as HTML where there is any.
    """

    blocks: frozenset[str]
    kept: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    raised: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()
    void: frozenset[str] = frozenset()
    closed_by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ends_paragraph: frozenset[str] = frozenset()
    translated: frozenset[str] = frozenset()
    verbatim: frozenset[str] = frozenset()
    xml: bool = False
    attributes: bool = False
    sections: bool = False


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CELLS = _names("td th")
_ROWS = _names("td th tr")

HTML = Dialect(
    blocks=_names(
        """
        address article aside blockquote body br button caption center col colgroup dd details
        dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5
        h6 head header hgroup hr html iframe legend li main menu nav noframes noscript ol optgroup
        option p param pre search section select summary table tbody td textarea tfoot th thead
        title tr ul xmp listing plaintext
        """
    ),
    kept=_names("code kbd samp var tt"),
    silent=_names("script style template svg math audio video canvas object applet textarea xmp"),
    raised=_names("sup sub rt rp"),
    void=_names(
        "area base br col embed frame hr img input keygen link meta param source track wbr"
    ),
    closed_by={
        "li": _names("li"),
        "dt": _names("dt dd"),
        "dd": _names("dt dd"),
        "td": _CELLS,
        "th": _CELLS,
        "tr": _ROWS,
        "tbody": _ROWS | {"thead", "tbody"},
        "tfoot": _ROWS | {"thead", "tbody"},
        "option": _names("option"),
        "optgroup": _names("option optgroup"),
    },
    ends_paragraph=_names(
        """
        address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption
        figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre search
        section table ul
        """
    ),
    verbatim=_names("pre listing"),
    attributes=True,
)

#: The chapters of an EPUB.
XHTML = Dialect(
    blocks=HTML.blocks,
    kept=HTML.kept,
    silent=HTML.silent,
    raised=HTML.raised,
    verbatim=HTML.verbatim,
    xml=True,
    attributes=True,
)

#: `content.xml` and `styles.xml` of OpenDocument texts and presentations.
OPEN_DOCUMENT = Dialect(
    blocks=_names("text:p text:h text:tab text:line-break"),
    silent=_names(
        "text:note-citation text:bookmark-ref text:sequence text:page-number text:page-count "
        "text:ruby-text text:tracked-changes math:math"
    ),
    notes=_names("text:note office:annotation draw:frame draw:custom-shape draw:g"),
    translated=_names("text:p text:h"),
    xml=True,
)

#: The table of contents of older EPUBs.
NCX = Dialect(blocks=_names("text"), translated=_names("text"), xml=True)
