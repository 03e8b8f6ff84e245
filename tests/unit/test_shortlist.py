"""The shortlist a trained network ships with."""

from __future__ import annotations

import numpy as np

from models.languages import Language
from models.training.align_words import NONE
from models.training.examples import Examples
from models.training.packing import ragged
from models.training.shortlist import JOINED, joined, lines

PIECES = ["<unk>", "<s>", "</s>", "<pad>", "__en__", "__uk__", "▁закон", "▁подписал", "▁law"]
PIECES += ["▁laws", "▁signed", "▁підписав", "▁zakon", "5"]
NUMBER = {piece: number for number, piece in enumerate(PIECES)}


def examples(pairs: list[tuple[str, str]]) -> Examples:
    """One-word sentences with their translations."""
    one = np.ones(len(pairs), dtype=np.float32)
    return Examples(
        ragged([[NUMBER[source]] for source, _ in pairs]),
        ragged([[NUMBER[target]] for _, target in pairs]),
        np.zeros(len(pairs), dtype=np.uint8),
        one,
        one,
        NUMBER["__en__"],
    )


def shortlist(*sets: Examples) -> dict[str, list[str]]:
    found = (line.partition("\t") for line in lines(sets, PIECES, Language.EN))
    return {piece: words.split(" ") for piece, _, words in found}


def test_a_piece_may_become_what_it_became_most_often_first() -> None:
    found = shortlist(
        examples([("▁закон", "▁law"), ("▁закон", "▁laws"), ("▁закон", "▁laws")]),
        examples([("▁підписав", "▁signed")]),
    )
    assert found["▁закон"][:2] == ["▁laws", "▁law"]
    assert found["▁підписав"][0] == "▁signed"


def test_the_end_and_the_prefix_are_open_to_every_piece() -> None:
    every = shortlist(examples([("▁закон", "▁law")]))[""]
    assert every == ["</s>", "__en__", "▁law"]


def test_a_piece_never_linked_may_stay_as_it_is_or_be_romanised() -> None:
    found = shortlist(examples([("▁подписал", "▁signed")]))
    assert found["5"] == ["5"]
    assert found["▁закон"] == ["▁zakon"]


def test_pieces_without_a_link_teach_nothing() -> None:
    unlinked = examples([("▁закон", "▁law")])
    unlinked.links[:] = NONE
    assert "▁law" not in shortlist(unlinked)["▁закон"]


def test_words_of_another_language_stay_out() -> None:
    spoilt = [("▁law", "▁закон")] * 50 + [("▁law", "▁підписав")] * 2 + [("▁signed", "▁law")]
    found = (line.partition("\t") for line in lines([examples(spoilt)], PIECES, Language.RU))
    russian = {piece: words.split(" ") for piece, _, words in found}
    # і is no Russian letter; `law` is now and then in Russian text, but far more in English.
    assert russian["▁law"] == ["▁закон"]
    assert "▁signed" not in russian or "▁law" not in russian["▁signed"]


def test_two_shortlists_become_one() -> None:
    first = ["\t</s> the", "▁закон\t▁law", "▁порт\t▁port"]
    second = ["\t</s> of", "▁закон\t▁act ▁law", "▁дом\t▁house"]
    assert list(joined(first, second)) == [
        "\t</s> the of",
        "▁закон\t▁law ▁act",
        "▁порт\t▁port",
        "▁дом\t▁house",
    ]


def test_what_runs_add_by_chance_does_not_pile_up() -> None:
    first = ["\t</s>", "▁закон\t▁law"]
    second = ["\t" + " ".join(f"▁any{n}" for n in range(50))]
    second += ["▁закон\t" + " ".join(f"▁a{n}" for n in range(50))]
    always, law = joined(first, second)
    assert len(always.split()) == 51
    assert len(law.split("\t")[1].split()) == JOINED
