"""Argos packages of a trained network: folders that share one model, and `.argosmodel` files."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from models.languages import NAMES, Direction
from models.network import PACKED_SHORTLIST
from models.packed import packed
from models.rare_words import FILE as RARE_WORDS

ARGOS_VERSION = "1.9"
SHARED = "shared"
#: About what the longest examples have; measured on FLORES-200 dev and WMT22 (see README.md).
SEGMENT_TOKENS = 64
#: Measured on FLORES-200 dev and WMT22 (see README.md).
SEARCH = {"beam_size": 5, "length_penalty": 0.6, "likeness": 6.0}
# Not the name a package's tokenizer has: the shared folder is no package.
SHARED_TOKENIZER = "tokenizer.model"


def metadata(direction: Direction, version: str, prefix: str, readme: str) -> dict[str, Any]:
    """What Argos Translate reads about a package."""
    return {
        "package_version": version,
        "argos_version": ARGOS_VERSION,
        "from_code": direction.source.value,
        "from_name": NAMES[direction.source],
        "to_code": direction.target.value,
        "to_name": NAMES[direction.target],
        "target_prefix": prefix,
        "type": "translate",
        "segment_tokens": SEGMENT_TOKENS,
        "search": SEARCH,
        "readme": readme,
    }


def folder_name(direction: Direction, version: str) -> str:
    """The name Argos gives an installed package: `translate-ru_en-1_0`."""
    return f"translate-{direction.source}_{direction.target}-{version.replace('.', '_')}"


def write_folders(
    model: Path,
    tokenizer: Path,
    target: Path,
    directions: Sequence[Direction],
    *,
    version: str,
    prefixes: dict[str, str],
    readme: str,
    shortlists: Mapping[str, Path] | None = None,
    rare_words: Callable[[Direction], Path] | None = None,
) -> list[Path]:
    """Package folders under `target`, one a direction, that share a model by links.

    `model` is a CTranslate2 folder, `prefixes` names the first decoder token of each target
    language, `shortlists` the shortlist of each: one for all would let in words of another.
    `rare_words` says where the list of a direction lies, if it has one.
    """
    shared = target / SHARED
    if shared.exists():
        shutil.rmtree(shared)
    shutil.copytree(model, shared / "model")
    shutil.copy(tokenizer, shared / SHARED_TOKENIZER)
    for language, path in (shortlists or {}).items():
        (shared / f"vmap.{language}.txt.xz").write_bytes(packed(path.read_bytes()))
    folders = []
    for direction in directions:
        folder = target / folder_name(direction, version)
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir()
        words = metadata(direction, version, prefixes[direction.target.value], readme)
        (folder / "metadata.json").write_text(
            json.dumps(words, ensure_ascii=False, indent=2) + "\n"
        )
        (folder / "README.md").write_text(readme + "\n")
        # Links to files, not to the folder: builders of wheels follow only those.
        (folder / "model").mkdir()
        for file in sorted((shared / "model").iterdir()):
            os.symlink(Path("../..") / SHARED / "model" / file.name, folder / "model" / file.name)
        if direction.target in (shortlists or {}):
            own = f"vmap.{direction.target}.txt.xz"
            os.symlink(Path("../..") / SHARED / own, folder / "model" / PACKED_SHORTLIST)
        os.symlink(Path("..") / SHARED / SHARED_TOKENIZER, folder / "sentencepiece.model")
        if rare_words and rare_words(direction).exists():
            shutil.copy(rare_words(direction), folder / RARE_WORDS)
        folders.append(folder)
    return folders


def write_archive(folder: Path, target: Path) -> Path:
    """The package folder as an `.argosmodel` file for stock Argos Translate."""
    path = target / f"{folder.name}.argosmodel"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for root, _, names in sorted(os.walk(folder, followlinks=True)):
            for name in sorted(names):
                file = Path(root) / name
                archive.write(file, Path(folder.name) / file.relative_to(folder))
    return path
