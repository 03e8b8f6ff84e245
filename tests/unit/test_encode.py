"""The sentence encoder: shapes, unit rows, what it says when it is not there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.encode import TOKENIZER, WEIGHTS, Encoder, SentenceEncoder, quantise, save
from models.errors import EncoderMissing
from models.ngrams import BUCKETS
from models.training import vocabulary

TEXTS = ["the ship left the port", "судно вышло из порта", "судно вийшло з порту", "a b c d e"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny encoder: random vectors over a vocabulary trained on four sentences."""
    target = tmp_path_factory.mktemp("encoder")
    tokenizer = vocabulary.train(TEXTS * 20, target / "vocabulary", size=90)
    rows = vocabulary.load(tokenizer).get_piece_size() + BUCKETS
    vectors = np.random.default_rng(1).standard_normal((rows, 16)).astype(np.float32)
    save(target, vectors, tokenizer)
    return target


def test_rows_are_unit_float32(folder: Path) -> None:
    rows = Encoder.load(folder).encode(TEXTS)
    assert rows.shape == (4, 16)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_no_texts_and_empty_texts(folder: Path) -> None:
    encoder = Encoder.load(folder)
    assert encoder.encode([]).shape == (0, encoder.dimensions)
    rows = encoder.encode(["", TEXTS[0], "   "])
    assert not rows[0].any()
    assert not rows[2].any()
    assert rows[1].any()


def test_a_row_does_not_depend_on_its_neighbours(folder: Path) -> None:
    encoder = Encoder.load(folder)
    together = encoder.encode([*TEXTS, ""])
    alone = np.concatenate([encoder.encode([text]) for text in [*TEXTS, ""]])
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_typography_does_not_matter(folder: Path) -> None:
    rows = Encoder.load(folder).encode(["the “ship” left", 'the "ship" left'])
    np.testing.assert_allclose(rows[0], rows[1], atol=1e-6)


def test_it_is_a_sentence_encoder(folder: Path) -> None:
    assert isinstance(Encoder.load(folder), SentenceEncoder)


def test_the_digest_follows_the_weights(folder: Path, tmp_path: Path) -> None:
    other = np.ones((len(Encoder.load(folder).table), 16), dtype=np.float32)
    save(tmp_path, other, folder / TOKENIZER)
    assert Encoder.load(tmp_path).digest != Encoder.load(folder).digest


def test_a_missing_encoder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EncoderMissing, match=r"models\.training encoder"):
        Encoder.load(tmp_path)


def test_a_broken_encoder_is_not_a_traceback(folder: Path, tmp_path: Path) -> None:
    (tmp_path / TOKENIZER).write_bytes((folder / TOKENIZER).read_bytes())
    (tmp_path / WEIGHTS).write_bytes(b"no weights")
    with pytest.raises(EncoderMissing, match="cannot be read"):
        Encoder.load(tmp_path)


def test_a_table_of_another_vocabulary_is_refused(folder: Path, tmp_path: Path) -> None:
    save(tmp_path, np.ones((5, 16), dtype=np.float32), folder / TOKENIZER)
    with pytest.raises(EncoderMissing, match="5 vectors"):
        Encoder.load(tmp_path)


def test_quantised_rows_stay_within_half_a_step() -> None:
    vectors = np.random.default_rng(2).standard_normal((40, 8)).astype(np.float32)
    vectors[3] = 0
    table, scale = quantise(vectors)
    assert table.dtype == np.int8
    assert np.all(np.abs(table * scale[:, None] - vectors) <= scale[:, None] / 2 + 1e-6)
