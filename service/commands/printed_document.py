"""How a document looks on a terminal, and the lines that other things on a terminal share.

The original comes first and whole; a machine translation stands below it, marked, with its doubts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.text import Text

from models.languages import NAMES, Language
from service import clock
from service.commands import terminal

if TYPE_CHECKING:
    from rich.console import Console

    from alignment.dissent import Dissent
    from service.store.claim_english import ClaimEnglish
    from service.store.documents import DocumentSummary, DocumentView, SegmentView
    from service.store.tables import ClaimRow, EventRow, TranslationRow


def print_document(
    view: DocumentView,
    contradictions: Iterable[Dissent] = (),
    other: tuple[EventRow, float] | None = None,
) -> None:
    """A document: what is known of it, each segment with its claims, who may contradict whom.

    `other` is the event that it may belong to instead of its own, and how probable that is.
    """
    out = terminal.console()
    document, summary = view.document, view.summary
    out.print(Text(summary.headline, style="bold"))
    facts(
        out,
        {
            "id": document.id,
            "outlet": summary.outlet,
            "published": moment(document.published_at),
            "url": document.url,
            "read from": document.origin,
            "language": _languages(summary),
            "event": summary.event_id,
            "may belong to": other and f"{other[0].id} instead, probability {other[1]:.2f}",
            "copy of": summary.copy_of,
            "version": f"{document.version} of {len(view.versions)}"
            if len(view.versions) > 1
            else None,
            "went without": ", ".join(document.missing),
        },
    )
    for note in document.notes:
        out.print(Text(f"  note: {note}", style="yellow"))
    by_segment: dict[int, list[ClaimRow]] = {}
    for claim in view.claims:
        by_segment.setdefault(claim.segment, []).append(claim)
    paragraph = -1
    for each in view.segments:
        if each.paragraph != paragraph:
            out.print()
            paragraph = each.paragraph
        doubt = "?" if each.ambiguous else ""
        mark = f"{each.position:>3} [{each.start}:{each.end}] {each.language or '–'}{doubt}  "
        out.print(Text(mark, style="dim") + Text(each.text))
        translation_line(out, each.translation)
        for claim in by_segment.get(each.position, ()):
            _claim(out, claim, each)
    _contradictions(out, view.claims, contradictions)


def _contradictions(
    out: Console, claims: Sequence[ClaimRow], contradictions: Iterable[Dissent]
) -> None:
    """Which speakers of a document may contradict each other, as proposals to be read."""
    for place, one in enumerate(contradictions):
        if place == 0:
            out.print(Text("\nMay contradict each other (by rule, to be read)", style="bold"))
        a, b = claims[one.a], claims[one.b]
        out.print(
            Text(
                f"  [{a.start}:{a.end}] and [{b.start}:{b.end}], likeness {one.similarity:.2f}",
                style="dim",
            )
        )
        out.print(Text(f"      {a.text}"))
        out.print(Text(f"      {b.text}"))
        out.print(Text(f"        {one.reasons[0]}", style="dim"))


def _claim(out: Console, claim: ClaimRow, segment: SegmentView) -> None:
    """What was read in a claim; its words only where the segment has more than them."""
    before = segment.text[: max(0, claim.start - segment.start)]
    after = segment.text[max(0, claim.end - segment.start) :]
    if any(map(str.isalnum, before + after)):
        out.print(Text(f"      claim [{claim.start}:{claim.end}] ", style="dim") + Text(claim.text))
    attribution_line(out, claim)
    data = claim.data
    lines = {
        "hedged by": _spans(data.get("hedges")),
        "negated by": _spans(data.get("negations")),
        "numbers": "; ".join(_quantity(each) for each in data.get("quantities") or ()),
        "dates": "; ".join(_interval(each) for each in data.get("dates") or ()),
        "names": "; ".join(dict.fromkeys(str(each["text"]) for each in data.get("entities") or ())),
        "quoted": _spans(data.get("quotes")),
        "terms": "; ".join(_term(each) for each in data.get("terms") or ()),
    }
    for name, value in lines.items():
        if value:
            out.print(Text(f"        {name}: ", style="dim") + Text(value))


#: How a translation is marked, by its origin.
ORIGINS = {"engine": "machine", "glossary": "machine, with glossary,", "memory": "corrected"}
#: How the stretch of a corrected sentence is marked that stands for a claim.
PART = "the claim's part of the corrected"


def translation_line(out: Console, translation: TranslationRow | None) -> None:
    """A translation, marked as a machine's or as a person's correction, with its doubts."""
    if translation is not None:
        made = translation
        words_line(out, made.text, origin=made.origin, route=made.route, flags=made.flags)


def claim_line(out: Console, own: ClaimEnglish | None) -> None:
    """What a claim that is only a part of its sentence is compared in."""
    if own is not None:
        origin = PART if own.part else f"the claim alone, {ORIGINS[own.origin]}"
        words_line(out, own.text, origin=origin, route=own.route, flags=own.flags)


def words_line(out: Console, words: str, *, origin: str, route: str, flags: Sequence[str]) -> None:
    """The words of a translation, below its original."""
    doubts = f"  doubtful: {', '.join(flags)}" if flags else ""
    out.print(
        Text(f"      {ORIGINS.get(origin, origin)} {route}: ", style="dim")
        + Text(words, style="italic dim")
        + Text(doubts, style="yellow")
    )


def attribution_line(out: Console, claim: ClaimRow) -> None:
    """Who says a claim, and how surely."""
    attribution = claim.data.get("attribution")
    parts = []
    if attribution:
        inner_first = (str(each["text"]) for each in reversed(attribution["speakers"]))
        speakers = ", according to ".join(inner_first)
        parts.append(f"{speakers or 'unnamed'} ({attribution['kind']}, {attribution['stance']})")
    if claim.polarity != "affirmed":
        parts.append(claim.polarity)
    if claim.certainty != "certain":
        parts.append(claim.certainty if claim.certainty != "unknown" else "certainty left open")
    if parts:
        out.print(
            Text(
                f"        said by {'; '.join(parts)}"
                if attribution
                else f"        {'; '.join(parts)}",
                style="cyan",
            )
        )


def facts(out: Console, facts: Mapping[str, str | None]) -> None:
    """Names and values, one a line; those without a value are left out."""
    for name, value in facts.items():
        if value:
            out.print(Text(f"  {name:<12}  ", style="dim") + Text(value))


def moment(moment: Any) -> str:
    """A moment for people, to the minute."""
    return "" if moment is None else moment.strftime("%Y-%m-%d %H:%M")


def _spans(spans: Iterable[Mapping[str, Any]] | None) -> str:
    return "; ".join(str(span["text"]) for span in spans or ())


def _quantity(each: Mapping[str, Any]) -> str:
    low, high = each["low"], each["high"]
    if time := clock.of(each):
        return f"{each['text']} = {time}"
    value = f"{_number(low)}–{_number(high)}" if low != high else _number(low)
    meaning = " ".join(part for part in (value, each["unit"], each["role"]) if part)
    return f"{each['text']} = {'about ' if each['approximate'] else ''}{meaning}"


def _number(value: float | None) -> str:
    return "…" if value is None else f"{value:g}" if abs(value) < 1e6 else f"{value:,.0f}"


def _interval(each: Mapping[str, Any]) -> str:
    earliest, latest = each.get("earliest"), each.get("latest")
    days = [str(day)[:16].replace("T", " ") for day in (earliest, latest) if day]
    return f"{each['text']} = {' to '.join(days)} UTC" if days else str(each["text"])


def _term(each: Mapping[str, Any]) -> str:
    marks = [
        name for name, on in (("quoted", each["quoted"]), ("so-called", each["so_called"])) if on
    ]
    return f"{each['text']} ({', '.join([each['concept'], each['variant'], *marks])})"


def _languages(summary: DocumentSummary) -> str:
    shares = ", ".join(
        f"{NAMES[Language(code)]} {share:.0%}" for code, share in summary.languages.items()
    )
    if summary.language is None:
        return f"not decided ({shares})" if shares else "unknown"
    return f"{summary.language}{' (in doubt)' if summary.ambiguous else ''}: {shares}"
