"""The files in a folder that was given: hidden ones left out, and links that lead out of it told.

Somebody who gives a folder gives what is in it. A link to a file elsewhere may have come with an
archive of somebody else's making and name any file that this user may read, so it is not followed;
whoever wants that file gives it by its own name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: Why a link is left alone, as the end of a sentence that begins with its path.
LEADS_OUT = "is a link that leads out of the folder that was given; give its target by name"


@dataclass(frozen=True, slots=True)
class Found:
    """A file in a folder, or a link there that leads out of it and is not to be read."""

    path: Path
    leads_out: bool = False


def files_in(folder: Path) -> Iterator[Found]:
    """Every file below a folder, in the order of their paths; hidden ones are passed over.

    A link to what is in the folder is a file like others. Folders behind links are not entered.
    """
    home = folder.resolve()
    for path in sorted(folder.rglob("*")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        if not path.exists():  # a link to nothing, or to itself
            continue
        if not path.resolve().is_relative_to(home):
            if path.is_symlink():
                yield Found(path, leads_out=True)
        elif path.is_file():
            yield Found(path)
