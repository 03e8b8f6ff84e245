"""How events, claim groups and pairs look on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.text import Text

from alignment.contrasts import STRONGEST
from models.languages import LANGUAGES
from service.commands import terminal
from service.commands.printed_document import (
    attribution_line,
    claim_line,
    facts,
    moment,
    translation_line,
)

if TYPE_CHECKING:
    from rich.console import Console

    from service.store.documents import DocumentSummary
    from service.store.events import EventSummary
    from service.store.groups import GroupView
    from service.store.pairs import PairView, Side
    from service.store.tables import SilenceRow

#: So many reasons for the relations of a claim group are printed, the strongest relations first.
REASONS = 5


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
    facts(
        out,
        {
            "id": event.id if event.id == asked else f"{event.id}, into which {asked} was merged",
            "told": f"{moment(event.first_seen)} to {moment(event.last_seen)}",
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
        mark = f"  {each.language or '–':<2}  {moment(each.published_at or each.fetched_at)}  "
        copy = Text(f"  copies {each.copy_of}", style="dim") if each.copy_of else Text("")
        out.print(
            Text(mark, style="dim")
            + Text(f"{each.outlet or '(no outlet)'}: {each.headline}")
            + copy
        )
        out.print(Text(f"      {each.id}", style="dim"))
    for view in groups:
        out.print()
        print_group(out, view)
    hidden = summary.groups - len(groups)
    if hidden > 0:
        out.print()
        out.print(Text(f"{hidden} claims are told in one language only; --all shows them."))


def print_group(out: Console, view: GroupView, *, most: int | None = None) -> None:
    """A claim group: what each language says, what relates them, why one is absent.

    `most` claims of a language are printed, and a few of the reasons behind the relations.
    """
    row = view.group
    title = Text(f"{row.id}", style="bold")
    for in_doubt, counts in ((False, row.relations), (True, view.doubtful)):
        for name, count in sorted(counts.items()):
            title.append("  ").append_text(terminal.relation(name, doubtful=in_doubt))
            title.append(f" {count}")
    out.print(title)
    for language in LANGUAGES:
        members = view.members.get(str(language), ())
        for member in members[:most]:
            claim = member.claim
            mark = Text(f"  {language}  ", style="bold") + Text(
                f"{member.document.outlet or '(no outlet)'} [{claim.start}:{claim.end}]",
                style="dim",
            )
            out.print(mark)
            out.print(Text(f"      {claim.text}"))
            translation_line(out, member.translation)
            claim_line(out, member.own)
            attribution_line(out, claim)
        if hidden := len(members[len(members[:most]) :]):
            out.print(Text(f"      and {hidden} more in {language}", style="dim"))
        silence = view.silences.get(str(language))
        if silence is not None and not members:
            out.print(Text(f"  {language}  ", style="bold") + Text(_silence(silence), style="dim"))
    for contrast in row.contrasts:
        out.print(Text(f"      wording of {contrast['concept']}: {_contrast(contrast)}"))
    told = sorted(
        (pair for pair in view.pairs if pair.a_language != pair.b_language),
        key=lambda pair: (pair.doubtful, STRONGEST.index(pair.relation), -pair.probability),
    )
    reasons = list(
        dict.fromkeys(
            (pair.relation, pair.doubtful, reason) for pair in told for reason in pair.reasons
        )
    )
    for name, in_doubt, reason in reasons[:REASONS]:
        line = Text("      ").append_text(terminal.relation(name, doubtful=in_doubt))
        out.print(line.append(f": {reason}", style="dim"))
    if len(reasons) > REASONS:
        more = f"{len(reasons) - REASONS} more reasons; `parallax show {told[0].id}` is one pair"
        out.print(Text(f"      and {more}", style="dim"))


def print_pair(view: PairView) -> None:
    """A pair: both sides, what relates them, what made the probability, who judged it."""
    out = terminal.console()
    pair = view.pair
    out.print(
        Text(f"{pair.id}  ", style="bold")
        + terminal.relation(pair.relation, doubtful=pair.doubtful)
        + Text(f"  probability {pair.probability:.2f}")
    )
    for side in (view.a, view.b):
        _side(out, side)
    for reason in pair.reasons:
        out.print(Text(f"  because {reason}"))
    parts = ", ".join(f"{name} {share:+.2f}" for name, share in pair.parts.items())
    facts(
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
    named = f"{document.outlet or '(no outlet)'}, {moment(document.published_at)}"
    out.print(Text(f"  {document.language or '–'}  {named}  {document.id}", style="dim"))
    for claim in side.claims:
        out.print(Text(f"      {claim.text}"))
        attribution_line(out, claim)
    for translation in side.translations:
        translation_line(out, translation)
    for own in side.own:
        claim_line(out, own)


def _silence(silence: SilenceRow) -> str:
    articles = terminal.counted(silence.articles, "article")
    searched = f"{articles} of {terminal.counted(silence.outlets, 'outlet')} searched"
    if silence.copies:
        searched += (
            f", {silence.copies} syndicated {'copy' if silence.copies == 1 else 'copies'} aside"
        )
    best = ""
    if silence.best_probability is not None:
        found = "a possible one stands" if silence.undecided else "the nearest claim was rejected"
        best = f"; {found} at {silence.best_probability:.2f}"
        if silence.elsewhere:
            best += f", in an article of another event ({silence.best_document})"
    kind = "undecided" if silence.undecided else silence.kind
    return f"{kind} as of {moment(silence.as_of)} UTC: {searched}{best}"


def _contrast(contrast: Mapping[str, Any]) -> str:
    told = []
    for language, variants in contrast["variants"].items():
        words = ", ".join(
            f"{variant} ({len(spans)})" for variant, spans in variants.items() if spans
        )
        if words:
            told.append(f"{language} {words}")
    return "; ".join(told)
