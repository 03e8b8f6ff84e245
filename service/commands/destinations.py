"""Which files `parallax translate` takes, and where the translation of each goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import typer

from models.documents import FORMATS
from service.errors import BadInput
from service.ingest.folder import files_in


@dataclass(frozen=True, slots=True)
class Destination:
    """A file to translate, `-` for standard input, and its translation's place.

    `place` is None where the translation goes to standard output; `within` is the path in the
    folder that was given, or the file's name.
    """

    name: str
    within: Path
    place: str | None

    @property
    def bytes(self) -> int:
        """Size of the file, 0 where it is not known."""
        path = Path(self.name)
        return path.stat().st_size if path.is_file() else 0


@dataclass(slots=True)
class LeftAlone:
    """What lies in the folders and is not translated.

    `kinds` counts files of other kinds by suffix, `links` are those that lead out of their folder.
    """

    kinds: Counter[str] = field(default_factory=Counter)
    links: list[Path] = field(default_factory=list)


def destinations(names: Sequence[str], output: str | None) -> tuple[list[Destination], LeftAlone]:
    """Each file with its place, and what in the folders is left alone.

    No two translations have one place, and none that of a file that is to be translated.

    Raises:
        typer.BadParameter: several files are to go where there is no folder.
        BadInput: a translation would overwrite another, or what it is made from.
    """
    if not any(Path(name).is_dir() for name in names) and len(names) == 1:
        return [Destination(names[0], Path(Path(names[0]).name), output)], LeftAlone()
    folder = None if output is None else Path(output)
    if folder is not None and not folder.is_dir():
        raise typer.BadParameter(f"{output!r} is no folder, and there are several files; make it")
    left = LeftAlone()
    found: list[Destination] = []
    for name in names:
        path = Path(name)
        if not path.is_dir():
            inside = [(name, Path("standard-input.txt" if name == "-" else path.name))]
        elif folder is None:
            raise typer.BadParameter(f"say with -o into which folder what is in {name} goes")
        else:
            inside = [(str(file), file.relative_to(path)) for file in _files(path, folder, left)]
        for each, within in inside:
            place = None if folder is None else str(folder / _renamed(within))
            found.append(Destination(each, within, place))
    _refuse_overwriting(found)
    return found, left


def _files(folder: Path, output: Path, left: LeftAlone) -> Iterator[Path]:
    """The files in a folder that can be translated, without hidden ones and those made before."""
    made = output.resolve()
    for each in files_in(folder):
        file = each.path
        if each.leads_out:
            left.links.append(file)
        elif made != folder.resolve() and made in file.resolve().parents:
            continue
        elif file.suffix.lower() in FORMATS:
            yield file
        else:
            left.kinds[file.suffix.lower() or file.name] += 1


def _renamed(within: Path) -> Path:
    found = FORMATS.get(within.suffix.lower())
    if found is None or found.output == found.extension:
        return within
    return within.with_suffix(found.output)


def _refuse_overwriting(found: Sequence[Destination]) -> None:
    sources = {Path(each.name).resolve() for each in found if each.name != "-"}
    taken: dict[Path, str] = {}
    for each in found:
        if each.place is None:
            continue
        place = Path(each.place).resolve()
        if place in sources:
            raise BadInput(
                f"The translation of {each.name} would overwrite {each.place}, which is itself to "
                f"be translated; name another folder with -o."
            )
        if place in taken:
            raise BadInput(
                f"The translations of {taken[place]} and {each.name} would both be {each.place}; "
                f"write them to two folders, or give the folder they lie in."
            )
        taken[place] = each.name
