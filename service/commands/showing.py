"""How documents, events, claim groups and pairs look on a terminal.

The original comes first and whole; a machine translation stands below it, marked, with its doubts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.text import Text

from models.languages import LANGUAGES, NAMES, Language
from service.commands import terminal

if TYPE_CHECKING:
    from rich.console import Console

    from service.store.documents import DocumentSummary, DocumentView, SegmentView
    from service.store.events import EventSummary
    from service.store.groups import GroupView
    from service.store.pairs import PairView, Side
    from service.store.tables import ClaimRow, SilenceRow, TranslationRow


def print_document(view: DocumentView) -> None:
    """A document: what is known of it, then each segment with its claims."""
    out = terminal.console()
    document, summary = view.document, view.summary
    out.print(Text(document.title or "(no title)", style="bold"))
    _facts(
        out,
        {
            "id": document.id,
            "outlet": summary.outlet,
            "published": _moment(document.published_at),
            "url": document.url,
            "read from": document.origin,
            "language": _languages(summary),
            "event": summary.event_id,
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
        _translation(out, each.translation)
        for claim in by_segment.get(each.position, ()):
            _claim(out, claim, each)


def print_event(
    summary: EventSummary,
    coverage: Sequence[DocumentSummary],
    groups: Sequence[GroupView],
    asked: str,
) -> None:
    """An event: its coverage, then its claim groups."""
    out = terminal.console()
    event = summary.event
    out.print(Text(event.title or "(no title)", style="bold"))
    _facts(
        out,
        {
            "id": event.id if event.id == asked else f"{event.id}, into which {asked} was merged",
            "told": f"{_moment(event.first_seen)} to {_moment(event.last_seen)}",
            "documents": ", ".join(
                f"{count} {language}" for language, count in sorted(event.languages.items())
            ),
            "outlets": str(event.outlets),
            "claim groups": str(summary.groups),
            "pairs": str(summary.pairs),
            "went without": ", ".join(event.missing),
        },
    )
    if event.due:
        out.print(Text("  Documents came since its claims were compared.", style="yellow"))
    out.print()
    for each in coverage:
        mark = f"  {each.language or '–':<2}  {_moment(each.published_at or each.fetched_at)}  "
        copy = Text(f"  copies {each.copy_of}", style="dim") if each.copy_of else Text("")
        out.print(
            Text(mark, style="dim") + Text(f"{each.outlet or '(no outlet)'}: {each.title}") + copy
        )
        out.print(Text(f"      {each.id}", style="dim"))
    for view in groups:
        out.print()
        print_group(out, view)
    hidden = summary.groups - len(groups)
    if hidden > 0:
        out.print()
        out.print(Text(f"{hidden} claims are told in one language only; --all shows them."))


def print_group(out: Console, view: GroupView) -> None:
    """A claim group: what each language says, what relates them, why one is absent."""
    row = view.group
    title = Text(f"{row.id}", style="bold")
    for relation, count in sorted(row.relations.items()):
        title.append(f"  {relation} {count}", style=terminal.RELATION_STYLES.get(relation, ""))
    out.print(title)
    for language in LANGUAGES:
        for member in view.members.get(str(language), ()):
            claim = member.claim
            mark = Text(f"  {language}  ", style="bold") + Text(
                f"{member.document.outlet or '(no outlet)'} [{claim.start}:{claim.end}]",
                style="dim",
            )
            out.print(mark)
            out.print(Text(f"      {claim.text}"))
            _translation(out, member.translation)
            _attribution(out, claim)
        silence = view.silences.get(str(language))
        if silence is not None and not view.members.get(str(language)):
            out.print(Text(f"  {language}  ", style="bold") + Text(_silence(silence), style="dim"))
    for contrast in row.contrasts:
        out.print(Text(f"      wording of {contrast['concept']}: {_contrast(contrast)}"))
    for reason in dict.fromkeys(reason for pair in view.pairs for reason in pair.reasons):
        out.print(Text(f"      because {reason}", style="dim"))


def print_pair(view: PairView) -> None:
    """A pair: both sides, what relates them, what made the probability, who judged it."""
    out = terminal.console()
    pair = view.pair
    out.print(
        Text(f"{pair.id}  ", style="bold")
        + Text(pair.relation, style=terminal.RELATION_STYLES.get(pair.relation, ""))
        + Text(f"  probability {pair.probability:.2f}")
    )
    for side in (view.a, view.b):
        _side(out, side)
    for reason in pair.reasons:
        out.print(Text(f"  because {reason}"))
    parts = ", ".join(f"{name} {share:+.2f}" for name, share in pair.parts.items())
    _facts(
        out,
        {
            "parts": parts,
            "event": pair.event_id,
            "claim group": pair.group_id,
            "found by": f"{pair.mode} alignment, {pair.algorithm}",
            "went without": ", ".join(pair.missing),
            "packages": ", ".join(digest[:12] for digest in pair.packages),
            "encoder": (pair.encoder or "")[:12],
        },
    )
    for judgement in view.judgements:
        note = f": {judgement.note}" if judgement.note else ""
        out.print(f"  {judgement.who} judged it {judgement.judgement}{note}")
    for other in view.disagreements:
        out.print(Text(f"  a later run says otherwise: {other.machine}", style="yellow"))


def _side(out: Console, side: Side) -> None:
    document = side.document
    named = f"{document.outlet or '(no outlet)'}, {_moment(document.published_at)}"
    out.print(Text(f"  {document.language or '–'}  {named}  {document.id}", style="dim"))
    for claim in side.claims:
        out.print(Text(f"      {claim.text}"))
        _attribution(out, claim)
    for translation in side.translations:
        _translation(out, translation)


def _translation(out: Console, translation: TranslationRow | None) -> None:
    if translation is None:
        return
    flags = f"  doubtful: {', '.join(translation.flags)}" if translation.flags else ""
    out.print(
        Text(f"      machine {translation.route}: ", style="dim")
        + Text(translation.text, style="italic dim")
        + Text(flags, style="yellow")
    )


def _claim(out: Console, claim: ClaimRow, segment: SegmentView) -> None:
    """What was read in a claim; its words only where the segment has more than them."""
    before = segment.text[: max(0, claim.start - segment.start)]
    after = segment.text[max(0, claim.end - segment.start) :]
    if any(map(str.isalnum, before + after)):
        out.print(Text(f"      claim [{claim.start}:{claim.end}] ", style="dim") + Text(claim.text))
    _attribution(out, claim)
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


def _attribution(out: Console, claim: ClaimRow) -> None:
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


def _silence(silence: SilenceRow) -> str:
    searched = f"{silence.articles} articles of {silence.outlets} outlets searched"
    if silence.copies:
        searched += f", {silence.copies} copies aside"
    best = (
        f"; the nearest claim was rejected at {silence.best_probability:.2f}"
        if silence.best_probability is not None
        else ""
    )
    return f"{silence.kind}: {searched}{best}"


def _contrast(contrast: Mapping[str, Any]) -> str:
    told = []
    for language, variants in contrast["variants"].items():
        words = ", ".join(
            f"{variant} ({len(spans)})" for variant, spans in variants.items() if spans
        )
        if words:
            told.append(f"{language} {words}")
    return "; ".join(told)


def _spans(spans: Iterable[Mapping[str, Any]] | None) -> str:
    return "; ".join(str(span["text"]) for span in spans or ())


def _quantity(each: Mapping[str, Any]) -> str:
    low, high = each["low"], each["high"]
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


def _facts(out: Console, facts: Mapping[str, str | None]) -> None:
    for name, value in facts.items():
        if value:
            out.print(Text(f"  {name:<12}  ", style="dim") + Text(value))


def _moment(moment: Any) -> str:
    return "" if moment is None else moment.strftime("%Y-%m-%d %H:%M")
