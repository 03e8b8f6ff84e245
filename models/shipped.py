"""The digests of the packages and the encoder that ship, so that a changed file is seen.

`digests.json` beside them is committed, and `parallax models verify` compares with it. It tells a
damaged copy or an edited file; whoever changes a package and the list alike is not found out, only
by the repository. `python -m models.shipped` writes it anew, after packages were made or changed.
"""

from __future__ import annotations

import json
from pathlib import Path

FILE = "digests.json"
ENCODER = "encoder"


def recorded(home: Path) -> dict[str, str]:
    """The digests that a folder of packages is said to have, by the names inside; {} for none."""
    try:
        found = json.loads((home / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def measured(home: Path) -> dict[str, str]:
    """The digests that a folder of packages has now, with its encoder where there is one.

    Raises:
        PackageError: a package in it cannot be used.
    """
    from models import package

    found = {
        folder.name: package.read(folder, links_within=home).digest
        for folder in sorted(home.glob("translate-*"))
    }
    encoder = encoder_digest(home / ENCODER)
    return found if encoder is None else {**found, ENCODER: encoder}


def encoder_digest(folder: Path) -> str | None:
    """The digest of the encoder in a folder, as the encoder itself tells it; None for none."""
    from models.encode import TOKENIZER, WEIGHTS, digest

    paths = [folder / WEIGHTS, folder / TOKENIZER]
    return digest(paths) if all(path.is_file() for path in paths) else None


def write(home: Path) -> Path:
    """Write down the digests that a folder of packages has now."""
    path = home / FILE
    path.write_text(json.dumps(measured(home), indent=1) + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    from models.registry import Registry

    write(Registry.default_folder())
