"""What a run takes over from the package it goes on from: vocabulary, rare words, shortlists.

A network that was trained elsewhere only reads its own pieces, and expects its rare words said
beforehand. A text of one's own is too small to tell either, or what a piece may become.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from models.languages import Direction
from models.network import shortlist
from models.rare_words import FILE as RARE_WORDS
from models.training import vocabulary
from models.training.recipe import Recipe, Tell


def adopt(recipe: Recipe, folder: Path, tell: Tell) -> None:
    """Copy what the packages beside `folder` that share its model bring; what is there stays.

    Raises:
        ValueError: the folder is no package of this recipe, or the work folder has another
            vocabulary.
        PackageError: a shortlist cannot be unpacked.
    """
    tokenizer = folder / "sentencepiece.model"
    packages = sharing(folder)
    if not tokenizer.exists() or not packages:
        raise ValueError(
            f"There is no package of this recipe in {folder}; "
            "name a folder like models/packages/translate-ru_en-1_0."
        )
    if not recipe.tokenizer.exists():
        recipe.tokenizer.parent.mkdir(parents=True, exist_ok=True)
        recipe.tokenizer.write_bytes(vocabulary.renewed(tokenizer.read_bytes()))
    elif pieces(recipe.tokenizer) != pieces(tokenizer):
        raise ValueError(
            f"{recipe.work} has a vocabulary of its own, which the network in {folder} cannot "
            "read; go on from the package in a fresh --work folder."
        )
    recipe.data.mkdir(parents=True, exist_ok=True)
    for direction, package in packages.items():
        words, copy = package / RARE_WORDS, recipe.brought_words(direction)
        if words.exists() and not copy.exists():
            shutil.copy(words, copy)
        listed, copy = shortlist(package / "model"), recipe.brought_shortlist(direction.target)
        if listed is not None and not copy.exists():
            copy.write_bytes(listed)
    tell(f"going on from {', '.join(package.name for package in packages.values())}")


def pieces(tokenizer: Path) -> list[str]:
    """The pieces of the vocabulary at a path; none if it cannot be read."""
    try:
        return vocabulary.all_pieces(vocabulary.load(tokenizer))
    except RuntimeError:
        return []


def sharing(folder: Path) -> dict[Direction, Path]:
    """The packages beside the folder, itself among them, that have the same network."""
    model = folder / "model" / "model.bin"
    found = {}
    for path in sorted(folder.parent.glob("*/metadata.json")):
        other = path.parent / "model" / "model.bin"
        if model.exists() and other.exists() and model.samefile(other):
            known = json.loads(path.read_text(encoding="utf-8"))
            found[Direction.parse(f"{known['from_code']}-{known['to_code']}")] = path.parent
    return found


def tokens_seen(folder: Path) -> int:
    """Target tokens that the network of a package has seen, by the card beside it; 0 without."""
    card = folder.parent / "card.json"
    if not card.exists():
        return 0
    return int(json.loads(card.read_text(encoding="utf-8"))["training"]["tokens seen"])
