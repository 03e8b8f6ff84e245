"""The installed packages: which there are, which cannot be used, which serve a direction."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from models import package as packages
from models import shipped
from models.archive import unpack
from models.errors import PackageError
from models.languages import DIRECTIONS, Direction, Language
from models.package import Package

_RECORD = "installed.json"
CHANGED = "its files are not the ones that were recorded"
GONE = "it was recorded and is not there"


@dataclass(frozen=True, slots=True)
class Problem:
    """A folder that looks like a package and cannot be used, and why."""

    folder: Path
    message: str


@dataclass(frozen=True, slots=True)
class Route:
    """The packages that take a text from one language to another, in order."""

    direction: Direction
    packages: tuple[Package, ...]

    def __str__(self) -> str:
        """The languages passed through: `ru→en`, or `ru→en→uk`."""
        return "→".join([self.direction.source, *(each.direction.target for each in self.packages)])


@dataclass(frozen=True, slots=True)
class Verification:
    """What looking at a package's files again found.

    Attributes:
        package: its code and version.
        digest: sha256 of the package now.
        recorded: sha256 when it was installed or shipped, None where nothing was recorded.
        message: what is wrong, or None.
    """

    package: str
    digest: str | None
    recorded: str | None
    message: str | None


class Registry:
    """The packages under some folders, looked up first to last; installs go to the last.

    `links_within` is the folder inside which packages may hold links to one another, by default
    the shipped one. A broken package is a problem to be reported, and the others go on.
    """

    def __init__(self, folders: Sequence[Path], *, links_within: Path | None = None) -> None:
        self.folders = tuple(folders)
        self._links_within = links_within or self.default_folder()
        self._lock = threading.RLock()
        self._found: dict[Path, Package] | None = None
        self._seen: tuple[int, ...] = ()
        self._sums: packages.Sums = {}
        self._problems: list[Problem] = []

    @staticmethod
    def default_folder() -> Path:
        """The folder of the packages that ship with Parallax."""
        return Path(__file__).resolve().parent / "packages"

    def packages(self) -> tuple[Package, ...]:
        """Every usable package, in the order of the folders and their names."""
        with self._lock:
            return tuple(self._scan().values())

    def problems(self) -> tuple[Problem, ...]:
        """Every package that cannot be used."""
        with self._lock:
            self._scan()
            return tuple(self._problems)

    def refresh(self) -> None:
        """Forget what was found; the folders are read again when next asked for."""
        with self._lock:
            self._found = None

    def route(self, direction: Direction) -> Route | None:
        """How to translate `direction`: directly, else through English, else None."""
        direct = self._best(direction)
        if direct:
            return Route(direction, (direct,))
        if Language.EN in (direction.source, direction.target):
            return None
        first = self._best(Direction(direction.source, Language.EN))
        second = self._best(Direction(Language.EN, direction.target))
        return Route(direction, (first, second)) if first and second else None

    def directions(self) -> tuple[Direction, ...]:
        """Every direction with a route."""
        return tuple(each for each in DIRECTIONS if self.route(each))

    def install(self, path: Path) -> Package:
        """Check the `.argosmodel` file or unpacked folder at `path` and install it.

        The same package again is found to be there. Another version stays beside the old one
        and is preferred if it is newer.

        Raises:
            PackageError: it fails a check; nothing is left behind.
        """
        if not self.folders:
            raise PackageError("No folder to install to is set; give the registry one.")
        home = self.folders[-1]
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".installing-", dir=home) as scratch:
            source = None
            if path.is_dir():
                unpacked = Path(scratch) / path.name
                packages.read(path)
                shutil.copytree(path, unpacked)
            elif path.is_file():
                unpacked = unpack(path, Path(scratch))
                source = packages.sha256(path)
            else:
                raise PackageError(f"{path} is neither a file nor a folder.")
            found = packages.read(unpacked)
            for present in self.packages():
                if present.digest == found.digest:
                    return present
            packages.probe(found)
            return self._keep(found, home, source)

    def install_folder(self, folder: Path) -> tuple[list[Package], list[Problem]]:
        """Install every `.argosmodel` file in `folder`; what fails is told, the rest goes on."""
        installed, failed = [], []
        for path in sorted(folder.glob("*.argosmodel")):
            try:
                installed.append(self.install(path))
            except PackageError as error:
                failed.append(Problem(path, str(error)))
        return installed, failed

    def fetch(self, direction: Direction) -> Package:
        """Install the newest package of a direction from the index of Argos Translate.

        This is the one thing here that opens a connection to other machines, and only when a
        person asks for it. What arrives is checked like any file.

        Raises:
            PackageError: the index has none, or cannot be reached, or what came fails a check.
        """
        # Argos makes folders when it is imported, so it is not before it is needed.
        from argostranslate import package as argos

        codes = (direction.source, direction.target)
        try:
            argos.update_package_index()
            available = argos.get_available_packages()
        except RecursionError:  # what Argos does where it never saw an index and has no network
            available = []
        offered = [each for each in available if (each.from_code, each.to_code) == codes]
        if not offered:
            raise PackageError(
                f"The Argos index offers nothing for {direction}, or cannot be reached; copy a "
                "package file here and install that."
            )
        newest = max(offered, key=lambda each: _version(each.package_version))
        try:
            path = Path(newest.download())
        except Exception as error:  # Argos raises bare exceptions
            raise PackageError(
                f"The package for {direction} could not be downloaded ({error}); copy the file "
                "here and install that."
            ) from error
        try:
            return self.install(path)
        finally:
            path.unlink(missing_ok=True)

    def remove(self, code: str) -> list[Package]:
        """Remove every installed version of a package, named `translate-ru_en` or `ru-en`.

        Raises:
            PackageError: it is not installed, or ships with Parallax.
        """
        with self._lock:
            wanted = code if code.startswith("translate-") else _code(code)
            matching = [each for each in self.packages() if each.code == wanted]
            ours = [each for each in matching if each.folder.parent == self.folders[-1]]
            shipped = self.default_folder()
            ours = [each for each in ours if each.folder.parent != shipped]
            if not matching:
                raise PackageError(
                    f"{code} is not installed; `parallax models list` shows what is."
                )
            if not ours:
                raise PackageError(
                    f"{code} ships with Parallax and is not removed; install another version to "
                    "have it preferred."
                )
            for each in ours:
                shutil.rmtree(each.folder)
            self._record({each.folder.name: None for each in ours})
            self.refresh()
            return ours

    def verify(self) -> list[Verification]:
        """Every package's files summed again and compared with what was recorded of them.

        It is recorded at install, and of those that ship in a list that ships with them. Of others
        that were put into a folder by hand nothing is recorded.
        """
        results = []
        for found in self.packages():
            recorded = self.recorded(found)
            name = f"{found.code} {found.version}"
            try:
                now = packages.read(found.folder, links_within=self._links_within).digest
                packages.probe(found)
                changed = recorded is not None and now != recorded
                message = CHANGED if changed else None
            except PackageError as error:
                now, message = None, str(error)
            results.append(Verification(name, now, recorded, message))
        results += [
            Verification(each.folder.name, None, None, each.message) for each in self.problems()
        ]
        for home in dict.fromkeys(self.folders):
            results += _verified_beside(home)
        return results

    def recorded(self, found: Package) -> str | None:
        """The digest that was recorded of a package; None where nothing was."""
        home, name = found.folder.parent, found.folder.name
        installed = self._recorded(home).get(name, {}).get("sha256")
        return installed or shipped.recorded(home).get(name)

    def _best(self, direction: Direction) -> Package | None:
        """The newest package of a direction; a later folder wins over an earlier one."""
        matching = [each for each in self.packages() if each.direction == direction]
        return max(reversed(matching), key=lambda each: _version(each.version), default=None)

    def _scan(self) -> dict[Path, Package]:
        # Another process may install or remove: a folder's time of change tells.
        seen = tuple(each.stat().st_mtime_ns if each.is_dir() else 0 for each in self.folders)
        if self._found is None or seen != self._seen:
            self._seen = seen
            self._found, self._problems = {}, []
            for folder in self.folders:
                if not folder.is_dir():
                    continue
                for path in sorted(folder.iterdir()):
                    if path.is_dir() and _looks_like_one(path):
                        self._look(path)
        return self._found

    def _look(self, path: Path) -> None:
        try:
            found = packages.read(path, links_within=self._links_within, known=self._sums)
        except (PackageError, OSError) as error:
            self._problems.append(Problem(path, str(error)))
        else:
            assert self._found is not None
            self._found[path] = found

    def _keep(self, found: Package, home: Path, source: str | None) -> Package:
        version = "".join(c if c.isalnum() else "_" for c in found.version)
        target = home / f"{found.code}-{version}"
        with self._lock:
            number = 1
            while target.exists():
                number += 1
                target = home / f"{found.code}-{version}-{number}"
            found.folder.rename(target)
            self._record({target.name: {"sha256": found.digest, "file_sha256": source}})
            self.refresh()
        return replace(found, folder=target)

    def _recorded(self, home: Path) -> dict[str, dict[str, str]]:
        try:
            record = json.loads((home / _RECORD).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return record if isinstance(record, dict) else {}

    def _record(self, changes: dict[str, dict[str, str | None] | None]) -> None:
        home = self.folders[-1]
        record: dict[str, object] = {**self._recorded(home), **changes}
        kept = {name: value for name, value in sorted(record.items()) if value is not None}
        scratch = home / f".{_RECORD}"
        scratch.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        os.replace(scratch, home / _RECORD)


def _verified_beside(home: Path) -> list[Verification]:
    """What a list of digests says beside the packages that are there: an encoder, what is gone."""
    results = []
    for name, recorded in shipped.recorded(home).items():
        if name == shipped.ENCODER:
            now = shipped.encoder_digest(home / name)
            message = None if now == recorded else CHANGED if now else GONE
            results.append(Verification(name, now, recorded, message))
        elif not (home / name).is_dir():
            results.append(Verification(name, None, recorded, GONE))
    return results


def _looks_like_one(path: Path) -> bool:
    """Whether a folder was meant as a package; others may live beside packages."""
    if path.name.startswith("."):
        return False
    named = path.name.startswith("translate-") or path.name[2:3] == "_"
    return named or (path / "metadata.json").exists()


def _code(text: str) -> str:
    try:
        direction = Direction.parse(text)
    except ValueError as error:
        raise PackageError(f"{text!r} names no package; write it as ru-en.") from error
    return f"translate-{direction.source}_{direction.target}"


def _version(text: str) -> tuple[int, ...]:
    """The numbers of a version, for comparing: `1.10` is after `1.9`."""
    return tuple(int(part) for part in text.split(".") if part.isdecimal())
