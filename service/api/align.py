"""`/v1/align`: two or three texts aligned as they are; nothing is stored."""

from __future__ import annotations

from collections import Counter

from fastapi import APIRouter, Request

from service import aligning
from service.access import Role
from service.api import contracts, schemas
from service.api.admission import admit, resources_of
from service.errors import BadInput, TooMuch
from service.guidance import Worded
from service.resources import Resources
from service.stop import Stop
from service.translations import lane_for

router = APIRouter(prefix="/v1/align", tags=["Alignment"])


@router.post("", responses=contracts.problems(408, 413, 504))
async def align(request: Request, asked: schemas.AlignRequest) -> schemas.AlignAnswer:
    """Align texts, and say of each link how probable it is, how the sides relate, and why."""
    resources = resources_of(request)
    caller = await admit(request, Role.WORK, cost=len(asked.texts))
    parts = [piece for side in asked.texts for piece in written(side)]
    limit = resources.settings.request_characters
    if caller.key and caller.key.characters_per_request:
        limit = caller.key.characters_per_request
    if sum(map(len, parts)) > limit:
        raise TooMuch(f"A call takes {limit:,} characters; align the texts piece by piece.")
    if len(parts) > resources.settings.request_texts:
        most = resources.settings.request_texts
        raise TooMuch(f"A call takes {most:,} segments; align the texts piece by piece.")
    lane = lane_for(parts, resources.settings.bulk_characters)
    return await resources.workroom.run(
        request,
        lane,
        lambda: resources.workroom.stoppable(lane, lambda stop: compare(resources, asked, stop)),
    )


def written(side: schemas.AlignText) -> list[str]:
    """What one side holds.

    Raises:
        BadInput: it holds both a text and segments, or neither.
    """
    if (side.text is None) == (side.segments is None):
        raise BadInput("Each side is either a `text` or ready `segments`; send one of the two.")
    return [side.text] if side.text is not None else list(side.segments or ())


def compare(resources: Resources, asked: schemas.AlignRequest, stop: Stop) -> schemas.AlignAnswer:
    """The texts read, compared and grouped; blocks.

    Raises:
        Cancelled: nobody waits for it any more.
    """
    texts = []
    for side in asked.texts:
        stop.check()
        texts.append(read(side))
    aligner = aligning.Aligner(resources.engine, resources.encoder, resources.guidance)
    found = aligner.compare(texts, asked.mode, stop)
    stop.check()
    return schemas.AlignAnswer(
        texts=[shaped(text, words) for text, words in zip(texts, found.english, strict=True)],
        comparisons=[
            schemas.Comparison.model_validate(
                {
                    "a": a,
                    "b": b,
                    "mode": each.mode,
                    "overruled": each.overruled,
                    "links": each.links,
                    "unmatched": each.unmatched,
                    "missing": each.missing,
                }
            )
            for (a, b), each in sorted(found.compared.items())
        ],
        groups=[
            schemas.AlignedGroup(members={place: list(numbers) for place, numbers in each.items()})
            for _, each in aligning.groups(texts, found.compared)
        ],
    )


def shaped(text: aligning.Text, english: aligning.English) -> schemas.AlignedText:
    """A text as it was read and compared, with the language most of its characters are in."""
    counts: Counter[str] = Counter()
    for each in text.segments:
        if each.language is not None:
            counts[each.language] += len(each.text)
    main = max(sorted(counts), key=lambda code: counts[code], default=None)
    segments = [
        schemas.AlignedSegment(
            start=each.start,
            end=each.end,
            text=each.text,
            language=each.language,
            ambiguous=each.ambiguous,
            translation=None if worded is None else english_of(worded),
        )
        for each, worded in zip(text.segments, english, strict=True)
    ]
    return schemas.AlignedText(language=main, segments=segments)


def english_of(worded: Worded) -> schemas.AlignedTranslation:
    """The English that a segment was compared in."""
    made = worded.translation
    return schemas.AlignedTranslation.model_validate(
        {
            "text": made.text,
            "origin": worded.origin,
            "route": made.route,
            "log_prob": made.log_prob,
            "flags": made.flags,
            "packages": made.packages,
            "options": made.options,
        }
    )


def read(side: schemas.AlignText) -> aligning.Text:
    """One side as alignment takes it."""
    if side.text is not None:
        return aligning.article(side.text, published_at=side.published_at)
    return aligning.lines(side.segments or (), published_at=side.published_at)
