from __future__ import annotations

import numpy as np

from models.training.packing import Ragged
from models.training.shortlist import lines
from models.training.tag_examples import SPECIAL_UNITS, TagExamples

UNITS = (*SPECIAL_UNITS, "▁law", "▁laws", "▁signed", "▁zakon", "5")
PIECES = ["<unk>", "▁закон", "▁подписал", "5", "▁Закон x"]


def examples(pairs: list[tuple[int, int]]) -> TagExamples:
    source, labels = zip(*pairs, strict=True)
    flat = np.array(source, dtype=np.uint16)
    return TagExamples(
        Ragged(flat, np.array([0, len(flat)])),
        np.array(labels, dtype=np.int32),
        np.ones(1, dtype=np.float32),
        np.ones(1, dtype=np.float32),
    )


def shortlist(pairs: list[tuple[int, int]]) -> dict[str, list[str]]:
    found = (line.partition("\t") for line in lines([examples(pairs)], UNITS, PIECES))
    return {piece: units.split(" ") for piece, _, units in found}


def test_a_piece_may_become_what_it_became_most_often_first() -> None:
    law, laws = UNITS.index("▁law"), UNITS.index("▁laws")
    found = shortlist([(1, law), (1, laws), (1, laws), (2, UNITS.index("▁signed"))])
    assert found["▁закон"] == ["▁laws", "▁law", "▁zakon"]
    assert found["▁подписал"] == ["▁signed"]


def test_the_end_and_the_empty_unit_are_open_to_every_piece() -> None:
    every = shortlist([(1, UNITS.index("▁law"))])[""]
    assert every[:3] == ["</s>", "__en__", ""]


def test_a_piece_never_seen_may_stay_as_it_is_or_be_romanised() -> None:
    found = shortlist([(2, UNITS.index("▁signed"))])
    assert found["5"] == ["5"]
    assert found["▁закон"] == ["▁zakon"]


def test_labels_outside_the_vocabulary_are_passed_over() -> None:
    assert "▁закон" in shortlist([(1, -1), (1, UNITS.index("▁law"))])
