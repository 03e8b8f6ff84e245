"""Which translation of a rare word is like it, and which word of the other language is near."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from models.encode import Floats
from models.errors import EncoderMissing
from models.training.likeness import Likeness
from models.training.recipe import Recipe

VECTORS = {
    "лаврами": (1.0, 0.0),
    "laurels": (0.8, 0.6),
    "Laurels": (0.8, 0.6),
    "cup": (0.0, 1.0),
    "reeds": (0.7, 0.7),
}


class Vectors:
    """An encoder that knows five words."""

    digest = "vectors"

    def encode(self, texts: Sequence[str]) -> Floats:
        """Their vectors; zeros for others."""
        rows = np.array([VECTORS.get(text, (0.0, 0.0)) for text in texts], dtype=np.float32)
        return rows.reshape(len(texts), 2)


def test_cosines_of_words_and_their_translations() -> None:
    found = Likeness(Vectors()).cosines(["лаврами", "лаврами", "cup"], ["laurels", "cup", "cup"])
    np.testing.assert_allclose(found, [0.8, 0.0, 1.0], atol=1e-3)
    assert Likeness(None).cosines(["лаврами"], ["laurels"]).tolist() == [0.0]


def test_a_list_keeps_its_translation_unless_another_is_nearer() -> None:
    likeness = Likeness(Vectors())
    made = {"лаврами": "laurels", "другое": "cup"}
    assert likeness.preferred({"лаврами": "cup"}, made) == {"лаврами": "laurels"}
    assert likeness.preferred({"лаврами": "laurels"}, {"лаврами": "cup"}) == {"лаврами": "laurels"}
    assert likeness.preferred({"лаврами": "laurels"}, {"лаврами": ""}) == {"лаврами": "laurels"}
    assert likeness.preferred({"лаврами": ""}, made) == {"лаврами": ""}, "the network knows it"
    assert Likeness(None).preferred({"лаврами": "cup"}, made) == {"лаврами": "cup"}


def test_translations_by_chance_are_known_by_their_cosine() -> None:
    entries = {"лаврами": "cup", "cup": "cup", "Лавр": "cup", "reeds": ""}
    assert Likeness(Vectors()).by_chance(entries) == ["лаврами"]


def test_the_nearest_word_is_near_enough_and_was_seen() -> None:
    likeness = Likeness(Vectors())
    seen = {"laurels": 5, "cup": 9, "reeds": 9}
    assert likeness.nearest(["лаврами", "неизвестно"], seen) == {"лаврами": "laurels"}
    assert likeness.nearest(["лаврами"], {**seen, "laurels": 4}) == {"лаврами": "reeds"}
    assert likeness.nearest(["лаврами"], {**seen, "Laurels": 7}) == {"лаврами": "Laurels"}
    assert likeness.nearest(["лаврами"], {"cup": 9}) == {}
    assert likeness.nearest([], seen) == {}
    assert Likeness(None).nearest(["лаврами"], seen) == {}


def test_the_encoder_is_the_recipes_own_once_there_is_one(tmp_path: Path) -> None:
    from models.encode import shipped

    recipe = Recipe(tmp_path)
    found = Likeness.of(recipe).cosines(["Zelensky"], ["Зеленский"])
    assert (found > 0.5) == (shipped() is not None)
    recipe.encoder.mkdir()
    with pytest.raises(EncoderMissing, match="no sentence encoder in"):
        Likeness.of(recipe)
