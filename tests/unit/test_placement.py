"""Marks among new words; `<b>` opens, `{code}` is kept, `|` is a point."""

from __future__ import annotations

import re

import pytest

from models.paragraph import Kind, Mark, Paragraph, Part, segments
from models.placement import Unchanged, place, probes

NOTATION = re.compile(r"<(/?)(\w+)>|\{([^}]*)\}|(\|)|[^<{|]+")


def read(noted: str) -> tuple[Paragraph, dict[tuple[Kind, int], str]]:
    text, marks, shown, path = "", [], {}, []
    for number, found in enumerate(NOTATION.finditer(noted), 1):
        close, name, kept, point = found.groups()
        kind = Kind.POINT if point else Kind.KEPT if kept else Kind.OPEN
        if not (name or kept or point):
            text += found[0]
            continue
        key = number
        if close:
            kind, key = Kind.CLOSE, path.pop()
        elif name:
            path.append(key)
        marks.append(Mark(len(text), kind, key, len(kept or "")))
        shown[kind, key] = found[0]
        text += kept or ""
    return Paragraph(text, tuple(marks)), shown


def put(noted: str, *targets: str, says: dict[str, str] | None = None, **more: object) -> str:
    paragraph, shown = read(noted)
    found = segments(paragraph)
    assert len(found) == len(targets)
    parts = []
    for each, target in zip(found, targets, strict=True):
        asked = probes(paragraph, each.start, each.end)
        answers = tuple((says or {}).get(text, "?") for text in asked) if says is not None else ()
        parts.append(Part(each.start, each.end, target, answers, **more))  # type: ignore[arg-type]
    written = []
    for item in place(paragraph, parts):
        if isinstance(item, Mark):
            written.append(shown[item.kind, item.key])
        elif isinstance(item, Unchanged):
            written.append(paragraph.text[item.start : item.end])
        else:
            written.append(item)
    return "".join(written)


@pytest.mark.parametrize(
    ("source", "target", "says", "expected"),
    [
        (
            "Он купил <b>красную машину</b> вчера.",
            "Yesterday he bought a red car.",
            {"красную машину": "red car"},
            "Yesterday he bought a <b>red car</b>.",
        ),
        (
            "<a>Президент <b>Зеленский</b></a> заявил об этом в Киеве.",
            "This was stated in Kyiv by President Zelensky.",
            {},
            "This was stated in Kyiv by <a>President <b>Zelensky</b></a>.",
        ),
        (
            "Пишет газета <i>«Правда»</i>, а не <i>«Труд»</i>.",
            "So writes the newspaper “Pravda”, and not “Trud”.",
            {},
            "So writes the newspaper <i>“Pravda”</i>, and not <i>“Trud”</i>.",
        ),
        (
            "Погибли <b>12</b> человек и <b>30</b> ранены.",
            "There are 30 wounded, and 12 people died.",
            {},
            "There are <b>30</b> wounded, and <b>12</b> people died.",
        ),
        ("<b>Всё предложение.</b>", "A whole sentence.", {}, "<b>A whole sentence.</b>"),
    ],
)
def test_elements_stay_around_their_words(
    source: str, target: str, says: dict[str, str], expected: str
) -> None:
    assert put(source, target, says=says) == expected


def test_links_of_the_network_are_followed() -> None:
    links = ((0, 5, 4, 9), (6, 12, 0, 3))
    assert put("<b>Белый</b> снежок.", "Sno white.", links=links) == "Sno <b>white</b>."


def test_without_evidence_the_place_decides_at_the_borders_of_words() -> None:
    placed = put("Один <b>два</b> три четыре.", "Eins zwei drei vier.")
    assert placed == "Eins <b>zwei</b> drei vier."


def test_an_element_over_two_sentences_stays_open_between_them() -> None:
    placed = put("Раз <b>два. Три</b> четыре.", "One two.", "Three four.", says={})
    assert placed.count("<b>") == placed.count("</b>") == 1
    assert re.fullmatch(r"One <b>two\. Three</b> four\.", placed)


def test_kept_words_replace_their_copy() -> None:
    placed = put("Откройте {main.py} сейчас.", "Now open main.py please.", says={})
    assert placed == "Now open {main.py} please."


def test_kept_words_that_were_lost_are_put_into_the_sentence_without_them() -> None:
    says = {"Откройте сейчас.": "Open now."}
    placed = put("Откройте {main.py} сейчас.", "Open the principal file now.", says=says)
    assert placed == "Open {main.py} now."


def test_points_keep_their_place_and_their_order() -> None:
    assert put("Раз | два|, три.|", "One two, three.") == "One | two|, three.|"


def test_what_was_not_translated_is_not_touched() -> None:
    source = "Раз  <b>два</b> | три. <i>Ещё"
    paragraph, _ = read(source)
    (first, _) = segments(paragraph)
    items = place(paragraph, [Part(first.start, first.end, "Раз два три.")])
    assert not any(isinstance(item, str) for item in items)


def test_a_sentence_full_of_marks_keeps_them_in_order() -> None:
    source = "".join(f"<b>слово{n}</b> " for n in range(200)) + "конец."
    target = " ".join(f"word{n}" for n in range(200)) + " end."
    placed = put(source, target)
    assert re.sub(r"</?b>", "", placed) == target
    assert re.findall(r"</?b>", placed) == ["<b>", "</b>"] * 200
