"""The normalisation of a vocabulary, and what it cannot read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import sentencepiece

from models.training import packing, vocabulary
from models.training.examples import Examples

#: A sentence of letters that a rule replaces, and of some that none does.
TEXT = "Їхній ґанок, José Łódź, «ёлка» −5 ½ й ї"


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A model whose rules replace nothing but a dash."""
    with monkeypatch.context() as patch:
        patch.setattr(vocabulary, "normalisation_rules", lambda: {"–": "-"})
        sentences = ["їхній ганок Jose Lodz елка - й 1 2 5 /"]
        return vocabulary.train(sentences, tmp_path, size=60).read_bytes()


def test_a_model_is_given_the_rules_of_today_and_keeps_its_pieces(old: bytes) -> None:
    pytest.importorskip("google.protobuf", reason="rules are renewed by training only")
    before = sentencepiece.SentencePieceProcessor(model_proto=old)
    after = sentencepiece.SentencePieceProcessor(model_proto=vocabulary.renewed(old))
    assert vocabulary.all_pieces(after) == vocabulary.all_pieces(before)
    assert "Їхній ґанок, José" in before.normalize(TEXT).replace("▁", " ")
    assert after.normalize(TEXT).replace("▁", " ").strip() == (
        'їхній ганок, Jose Lodz, "елка" -5 1/2 й ї'
    )


def test_an_example_with_an_unknown_piece_has_no_weight() -> None:
    rows = [[4, 5], [4, vocabulary.UNKNOWN], [6]], [[7], [8, 9], [vocabulary.UNKNOWN, 4]]
    source, target = map(packing.ragged, rows)
    ones = np.ones(3, dtype=np.float32)
    links = np.zeros(len(target.flat), dtype=np.uint8)
    examples = Examples(source, target, links, ones, 2 * ones, 10).readable()
    assert examples.weight.tolist() == [1, 0, 0]
    assert examples.last_weight.tolist() == [2, 0, 0]
