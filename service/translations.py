"""Answers a request for translation, text by text and segment by segment.

Which language each segment is in, what a person has already translated, what is left for the
engine, and the text put together again with the whitespace of the source. A Ukrainian quote in a
Russian article goes through the Ukrainian package.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from models.decode import DecodeOptions
from models.errors import NoRoute
from models.languages import Direction, Language
from models.translate import Lane, Translation
from service import guidance
from service.forms import Form, Markup, Paragraphs, PlainText, Slot

if TYPE_CHECKING:
    from models.glossary import Glossary
    from models.outline import Outline
    from models.paragraph import Paragraph, Part
    from service.api.work import Workroom
    from service.guidance import Guidance, SupportsSubmit
    from service.observe import Metrics

#: Which text of an order, and which slot of it.
Place: TypeAlias = tuple[int, int]
#: Origins of slots that have a translation of their own.
NEW = frozenset(["engine", "glossary", "memory"])
#: Texts of one request beyond which it waits behind the shorter ones, however short its texts.
BULK_TEXTS = 64


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for.

    Attributes:
        texts: the texts, each answered on its own.
        source: their language, None to find it out for each.
        target: the language wanted.
        options: how to decode, None for the engine's default.
        lane: which queue the work waits in.
        html: the texts are HTML: tags stay, what is between them is translated and escaped.
        xml: the texts are XML with elements that mean this; None where they are not.
        every_route: refuse the whole order when any segment has no route; otherwise only when no
            segment has one, and the others are kept in the original and flagged `no_route`.
    """

    texts: Sequence[str]
    target: Language
    source: Language | None = None
    options: DecodeOptions | None = None
    lane: Lane = Lane.INTERACTIVE
    html: bool = False
    xml: Outline | None = None
    every_route: bool = False

    @property
    def markup(self) -> bool:
        """Whether there are tags in the texts."""
        return self.html or self.xml is not None


@dataclass(frozen=True, slots=True)
class Detected:
    """The language a text was found to be in; None when nothing in it tells."""

    language: Language | None
    probability: float
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """One segment of a text with what became of it.

    Attributes:
        start: offset in the text that was sent.
        end: offset after its last character.
        text: the segment itself.
        language: its language, None where nothing tells.
        ambiguous: the language is doubtful.
        translation: the translation with its evidence.
        origin: `engine`, `glossary` (the engine under terms that are laid down), `memory` (a
            person's own translation), `same` (it is in the target language), or `kept` (nothing
            in it to translate, or no route).
    """

    start: int
    end: int
    text: str
    language: Language | None
    ambiguous: bool
    translation: Translation
    origin: str


@dataclass(frozen=True, slots=True)
class Translated:
    """One text of an order, translated.

    Attributes:
        text: the whole translation.
        alternatives: other whole translations, best first, none equal to `text`.
        detected: what language it was found to be in; None where the caller named it.
        pieces: its segments in order.
    """

    text: str
    alternatives: tuple[str, ...]
    detected: Detected | None
    pieces: tuple[Piece, ...]


def lane_for(texts: Sequence[str], bulk_characters: int) -> Lane:
    """The lane of a request: a long one waits behind the short ones."""
    long = len(texts) > BULK_TEXTS or sum(map(len, texts)) > bulk_characters
    return Lane.BULK if long else Lane.INTERACTIVE


def detect(text: str) -> Detected:
    """The language of a whole text."""
    from models.identify import identify

    found = identify(text)
    language = found.language
    if language is None and found.ambiguous:  # Cyrillic of another language: the nearest of ours
        language = max(found.probabilities, key=lambda each: found.probabilities[each])
    if language is None:
        return Detected(None, 0.0, ambiguous=False)
    return Detected(language, found.probabilities[language], found.ambiguous)


class Translator:
    """Carries out orders on an engine.

    Args:
        engine: gives the engine; called in a thread, since the first call loads packages.
        workroom: where blocking parts run.
        metrics: where characters and flags are counted.
        laid_down: what people translated before, and terms whose translation is laid down.
    """

    def __init__(
        self,
        engine: Callable[[], SupportsSubmit],
        workroom: Workroom,
        metrics: Metrics,
        laid_down: Guidance | None = None,
    ) -> None:
        self._engine = engine
        self._workroom = workroom
        self._metrics = metrics
        self._laid_down = laid_down or guidance.Guidance()

    async def translate(self, order: Order) -> list[Translated]:
        """One answer per text, in order. Cancelling it drops what has not been decoded.

        Raises:
            NoRoute: nothing installed serves a direction that is needed.
            Busy: the engine's queue is full.
            DocumentError: a text is to be XML, and its tags do not match.
        """
        plan = _Plan(order)
        await self._carry_out(plan)
        if order.markup:  # putting tags back takes a while
            return await self._workroom.in_thread(order.lane, plan.result)
        return plan.result()

    async def parts(
        self, paragraphs: Sequence[Paragraph], order: Order, found: Detected | None = None
    ) -> tuple[list[list[Part]], Detected | None]:
        """The parts of each paragraph of a document, and the language they were found to be in.

        `found` is the language of what came before in the document; it settles what is doubtful.
        The texts of the order count for nothing.

        Raises:
            NoRoute: nothing installed serves a direction that is needed.
            Busy: the engine's queue is full.
        """
        form = Paragraphs(paragraphs)
        plan = _Plan(order, form, found)
        await self._carry_out(plan)
        parts = await self._workroom.in_thread(order.lane, lambda: form.parts(plan.new(0)))
        return parts, plan.detected[0]

    async def _carry_out(self, plan: _Plan) -> None:
        try:
            await self._workroom.in_thread(plan.order.lane, partial(self._begin, plan))
            batches = [asyncio.wrap_future(future) for future in plan.futures.values()]
            for direction, done in zip(plan.futures, await asyncio.gather(*batches), strict=True):
                plan.take(direction, done)
        finally:
            plan.abandon()
        self._count(plan)

    def _begin(self, plan: _Plan) -> None:
        """Find the segments, and hand to the engine what only it can do; blocks."""
        plan.split()
        order = plan.order
        engine = self._engine()
        routes = frozenset(engine.directions())
        wanted: dict[Direction, list[Place]] = defaultdict(list)
        for i, slots in enumerate(plan.slots):
            for n, each in enumerate(slots):
                if each.language is None or each.language is order.target:
                    plan.origins[i, n] = "same" if each.language else "kept"
                    plan.done[i, n] = (guidance.given(each.text),)
                else:
                    wanted[Direction(each.language, order.target)].append((i, n))
        for direction, places in list(wanted.items()):
            wanted[direction] = self._left(plan, direction, places)
        wanted = {direction: places for direction, places in wanted.items() if places}
        missing = [direction for direction in wanted if direction not in routes]
        if missing and (order.every_route or (len(missing) == len(wanted) and not plan.given)):
            raise NoRoute(missing[0])
        plan.terms = self._laid_down.terms()
        for direction, places in wanted.items():
            if direction in missing:
                for place in places:
                    plan.origins[place] = "kept"
                    kept = guidance.given(plan.slot(place).text)
                    plan.done[place] = (replace(kept, flags=("no_route",)),)
            else:
                self._submit(engine, plan, direction, places)

    def _left(self, plan: _Plan, direction: Direction, places: list[Place]) -> list[Place]:
        """Take what people translated before; the places that are left."""
        known = self._laid_down.known(direction, [plan.slot(place).text for place in places])
        left = []
        for place, worded in zip(places, known, strict=True):
            if worded is None:
                left.append(place)
            else:
                plan.given = True
                plan.origins[place] = worded.origin
                plan.done[place] = (worded.translation,)
        return left

    def _submit(
        self, engine: SupportsSubmit, plan: _Plan, direction: Direction, places: list[Place]
    ) -> None:
        """Hand to the engine what is left."""
        options = plan.order.options
        if plan.order.markup or plan.document is not None:
            options = replace(options or DecodeOptions(), links=True)
        if not plan.abandoned:
            plan.waiting[direction] = places
            plan.futures[direction] = engine.submit(
                [text for place in places for text in plan.asked(place)],
                direction,
                options=options,
                lane=plan.order.lane,
                split=False,
                terms=plan.terms,
            )
        if plan.abandoned:  # the caller left while this thread was at work
            plan.abandon()

    def _count(self, plan: _Plan) -> None:
        lane = plan.order.lane.name.lower()
        for direction, places in plan.waiting.items():
            count = sum(len(plan.slot(place).text) for place in places)
            self._metrics.characters.labels(str(direction), lane).inc(count)
        for translation, *_ in plan.done.values():
            for flag in translation.flags:
                self._metrics.flags.labels(flag).inc()


class _Plan:
    """The slots of an order, by (text, slot), and what is known about each so far.

    `done` holds the translation of a slot, then those of what it asks for besides.
    """

    def __init__(
        self, order: Order, document: Paragraphs | None = None, found: Detected | None = None
    ) -> None:
        self.order = order
        self.document = document
        self._before = found
        self.forms: list[Form] = []
        self.slots: list[list[Slot]] = []
        self.detected: list[Detected | None] = []
        self.done: dict[Place, tuple[Translation, ...]] = {}
        self.origins: dict[Place, str] = {}
        self.given = False  # whether a person's words are among what is done
        self.terms: Glossary | None = None
        self.waiting: dict[Direction, list[Place]] = {}
        self.futures: dict[Direction, Future[list[Translation]]] = {}
        self.abandoned = False

    def split(self) -> None:
        """Find the slots of every text and their languages; equal texts are read once."""
        source = self.order.source
        if self.document is not None:
            found = self._before
            if source is None and (found is None or found.language is None):
                found = detect(self.document.words)
            self.forms = [self.document]
            self.slots = [_settled(self.document.slots(source), found)]
            self.detected = [found]
            return
        seen: dict[str, tuple[Form, list[Slot], Detected | None]] = {}
        for text in self.order.texts:
            if text not in seen:
                order = self.order
                form: Form = Markup(text, order.xml) if order.markup else PlainText(text)
                found = None if source else detect(form.words)
                seen[text] = form, _settled(form.slots(source), found), found
            form, slots, found = seen[text]
            self.forms.append(form)
            self.slots.append(slots)
            self.detected.append(found)

    def slot(self, place: Place) -> Slot:
        """The slot at a place."""
        return self.slots[place[0]][place[1]]

    def asked(self, place: Place) -> tuple[str, ...]:
        """What the engine is asked for a slot."""
        slot = self.slot(place)
        return (slot.text, *slot.also)

    def take(self, direction: Direction, translations: list[Translation]) -> None:
        """Take what the engine gave for a direction."""
        rest = iter(translations)
        for place in self.waiting[direction]:
            given = tuple(next(rest) for _ in self.asked(place))
            self.done[place] = given
            text = self.slot(place).text
            self.origins[place] = guidance.origin(given[0], text, direction, self.terms)

    def abandon(self) -> None:
        """Drop what the engine has not decoded; nothing happens to what is done."""
        self.abandoned = True
        for future in list(self.futures.values()):
            future.cancel()

    def result(self) -> list[Translated]:
        """One answer per text, once every slot is done."""
        return [self._answer(i) for i in range(len(self.forms))]

    def new(self, i: int) -> dict[int, tuple[Translation, ...]]:
        """The slots of one text that have a translation of their own, by number."""
        numbers = range(len(self.slots[i]))
        return {n: self.done[i, n] for n in numbers if self.origins[i, n] in NEW}

    def _answer(self, i: int) -> Translated:
        form = self.forms[i]
        new = self.new(i)
        whole = form.write(new)
        pieces = tuple(
            Piece(
                slot.start,
                slot.end,
                slot.text,
                slot.language,
                slot.ambiguous,
                self.done[i, n][0],
                self.origins[i, n],
            )
            for n, slot in enumerate(self.slots[i])
        )
        others = _alternatives(form, new, whole) if isinstance(form, PlainText) else ()
        return Translated(whole, others, self.detected[i], pieces)


def _settled(slots: list[Slot], found: Detected | None) -> list[Slot]:
    """The slots, where a doubtful one takes the language of its text."""
    if found is None or found.language is None:
        return slots
    return [
        replace(each, language=found.language)
        if each.ambiguous and each.language is not found.language
        else each
        for each in slots
    ]


def _alternatives(
    form: PlainText, new: dict[int, tuple[Translation, ...]], whole: str
) -> tuple[str, ...]:
    """Whole texts made of each slot's next best translations, none equal to `whole`."""
    most = max((len(given[0].alternatives) for given in new.values()), default=0)
    others: dict[str, None] = {}
    for rank in range(most):
        words = {
            n: given[0].alternatives[rank] if rank < len(given[0].alternatives) else given[0].text
            for n, given in new.items()
        }
        others.setdefault(form.with_words(words))
    others.pop(whole, None)
    return tuple(others)
