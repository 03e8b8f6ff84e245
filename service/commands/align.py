"""`parallax align`: two or three files aligned without a store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from service.commands import opening, terminal
from service.commands.inputs import article_in, lines_in
from service.errors import BadInput

if TYPE_CHECKING:
    from service.aligning import Aligned, Compared, English, Text

app = typer.Typer(rich_markup_mode=None, add_completion=False)

NAMES = ("a", "b", "c")


@app.command()
def align(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="Two or three files; `-` is standard input."),
    ],
    segmented: Annotated[
        bool, typer.Option("--segmented", help="Each line is one ready segment.")
    ] = False,
    mode: Annotated[
        Literal["auto", "monotone", "comparable"],
        typer.Option(
            help="monotone: a translation, in the same order; comparable: the same story told "
            "again; auto: looks which of the two it is."
        ),
    ] = "auto",
    json: Annotated[bool, typer.Option("--json", help="Print the links as JSON.")] = False,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of the files; found out when not given.")
    ] = None,
    published: Annotated[
        str | None,
        typer.Option(help="When the texts were published, for dates like 'yesterday'."),
    ] = None,
) -> None:
    """Say which sentences of two or three files say the same thing, and how they differ.

    Each file is one article (plain text or HTML) in Russian, Ukrainian or English, and the
    languages may mix; with --segmented it is a list of segments, one a line. An empty file is an
    error (exit code 3); one without words, as of numbers only, gives no links and is named.

    Prints each link with its offsets in the text, its probability, its relation and the reasons for
    the relation, and below each original the English it was compared in: a person's own (`parallax
    memory`, /suggest, /v1/memory) where there is one, else the machine's, under the terms of the
    glossaries.

    Relations: same; broader (A says less than B); narrower (A says more); conflicting (numbers or
    dates differ); denies; related. They are read in the wording, so one is only "possibly" so
    ("doubtful" with --json) where the sides are less likely than not to speak of one fact.

    \b
    With --json:
      two files    {"links": [{"a": [0], "b": [0, 1], "probability": 0.97, "relation": "same",
                    "doubtful": false}, …]}
      three files  {"pairs": [{"files": ["a", "b"], "links": […]}, …],
                    "groups": [{"a": [0], "b": [0, 1], "c": [2], "consistency": 0.95}, …]}
    a, b and c list line numbers with --segmented, segment numbers without, both from 0.

    \b
    Examples:
      parallax align article-ru.txt article-en.txt
      parallax align --segmented --mode monotone book.uk book.en --json > links.json
    """  # noqa: D301  # \\b is Click's mark for lines that stay as they are
    if len(files) not in (2, 3):
        raise typer.BadParameter(f"it takes two or three files, and {len(files)} were given")
    if files.count("-") > 1:
        raise typer.BadParameter("only one of the files can be standard input")
    using = opening.settings()
    from alignment.align import NO_TEXT
    from service.aligning import Aligner, article, groups, lines

    moment = _moment(published)
    texts = []
    for name in files:
        if segmented:
            ready = lines_in(name, encoding)
            if not any(map(str.strip, ready)):
                raise BadInput(f"{name}: the text is empty.")
            texts.append(lines(ready, published_at=moment))
        else:
            texts.append(article(article_in(name, using, encoding), published_at=moment))
    with opening.engine(using) as engine, opening.guidance(using) as laid_down:
        aligner = Aligner(engine, opening.encoder_if_any(using), laid_down)
        found = aligner.compare(texts, mode)
    compared = found.compared
    missing = {name for found in compared.values() for name in found.missing}
    for name, text in zip(files, texts, strict=True):
        if _wordless(text):
            terminal.warn(
                f"{_named(name)} holds no words in Russian, Ukrainian or English, "
                "so nothing was compared with it."
            )
    missing.discard(NO_TEXT)
    if "words" in missing and not missing & {"encoder", "vector"}:
        missing.discard("words")  # the encoder is there, and the words were too many for it
        terminal.warn(
            "The words of the sides are too many to be compared one by one; sentences were "
            "compared as wholes. Shorter segments are compared more closely."
        )
    if missing:
        terminal.warn(
            f"Compared without {terminal.without(missing)}; `parallax doctor` says how to mend it."
        )
    if json:
        terminal.emit(_plain(texts, compared, groups) if len(texts) > 2 else _links(compared[0, 1]))
    else:
        _print(files, texts, found)


def _moment(published: str | None) -> Any:
    if published is None:
        return None
    from datetime import UTC, datetime

    from service.ingest.dates import published as read

    return read(published, now=datetime.now(UTC))


def _links(found: Compared) -> dict[str, Any]:
    return {
        "links": [
            {
                "a": list(link.a),
                "b": list(link.b),
                "probability": round(link.probability, 6),
                "relation": link.relation,
                "doubtful": link.doubtful,
            }
            for link in found.links
        ]
    }


def _plain(
    texts: Sequence[Text], compared: dict[tuple[int, int], Compared], groups: Any
) -> dict[str, Any]:
    return {
        "pairs": [
            {"files": [NAMES[i], NAMES[j]], **_links(found)} for (i, j), found in compared.items()
        ],
        "groups": [
            {
                **{NAMES[place]: list(numbers) for place, numbers in inside.items()},
                "consistency": round(made.consistency, 6),
            }
            for made, inside in groups(texts, compared)
        ],
    }


def _print(files: Sequence[str], texts: Sequence[Text], aligned: Aligned) -> None:
    from rich.text import Text as Styled

    out = terminal.console()
    sides = list(zip(texts, aligned.english, strict=True))
    for (i, j), found in aligned.compared.items():
        out.print(Styled(f"{_named(files[i])} ↔ {_named(files[j])}", style="bold"))
        how = f"{found.mode} ({'as asked' if found.overruled else 'chosen by looking'})"
        if wordless := [_named(files[n]) for n in (i, j) if _wordless(texts[n])]:
            how = f"nothing to compare in {' and '.join(dict.fromkeys(wordless))}"
        out.print(
            f"{terminal.counted(len(found.links), 'link')}, {how}; without a counterpart: "
            f"{sum(one.side == 'a' for one in found.unmatched)} of {len(texts[i].segments)} and "
            f"{sum(one.side == 'b' for one in found.unmatched)} of {len(texts[j].segments)}"
        )
        for link in found.links:
            out.print()
            out.print(
                Styled(f"{link.probability:.2f}  ")
                + terminal.relation(link.relation, doubtful=link.doubtful)
            )
            _print_side(out, *sides[i], link.a)
            _print_side(out, *sides[j], link.b)
            for reason in link.reasons:
                out.print(Styled(f"      because {reason}", style="dim"))
        lonely = found.unmatched
        if lonely:
            out.print()
            out.print(Styled("Without a counterpart", style="bold"))
        for one in lonely:
            side, other = (i, j) if one.side == "a" else (j, i)
            _print_side(out, *sides[side], (one.index,))
            if one.best is not None:
                out.print(
                    Styled(
                        f"      nearest, rejected at {one.best_probability:.2f}: "
                        f"{_short(texts[other].segments[one.best].text)}",
                        style="dim",
                    )
                )
        out.print()


def _print_side(out: Any, text: Text, english: English, numbers: Sequence[int]) -> None:
    from rich.text import Text as Styled

    from service.commands.printed_document import words_line

    for number in numbers:
        each = text.segments[number]
        language = str(each.language or "??")
        out.print(
            Styled(f"  {language} {number:>3} [{each.start}:{each.end}]  ") + Styled(each.text)
        )
        worded = english[number]
        if worded is not None and worded.origin != "kept":
            made = worded.translation
            words_line(out, made.text, origin=worded.origin, route=made.route, flags=made.flags)


def _wordless(text: Text) -> bool:
    """Whether a side holds no words of the three languages: nothing that can be compared."""
    return all(each.language is None for each in text.segments)


def _named(file: str) -> str:
    return "standard input" if file == "-" else Path(file).name


def _short(text: str) -> str:
    return text if len(text) <= 100 else text[:99] + "…"
