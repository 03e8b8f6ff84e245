"""An Argos package: what it holds, whether it can be trusted to load, and its digest.

The digest is the sha256 over one line per file, in the order of their paths as UTF-8 bytes:
path relative to the package with `/`, a NUL byte, sha256 of the content in hexadecimal, and a
line feed. It depends on nothing but names and contents.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from models.decode import Advice
from models.errors import PackageError
from models.languages import Direction, Language
from models.network import PACKED_SHORTLIST, SHORTLISTS
from models.packed import unpacked
from models.rare_words import FILE as RARE_WORDS

MAX_FILES = 10_000
MAX_BYTES = 8 << 30
_MAX_METADATA = 1 << 20
_PROBE_SECONDS = 180

#: Sums of files by device, inode, size and time of change.
Sums = dict[tuple[int, int, int, int], str]

#: Sentences the network has to get through before a package is taken.
PROBES: dict[Language, str] = {
    Language.RU: "Министр сообщил, что встреча прошла в Киеве.",
    Language.UK: "Міністр повідомив, що зустріч відбулася в Києві.",
    Language.EN: "The minister said that the meeting took place in Kyiv.",
}


@dataclass(frozen=True, slots=True)
class Package:
    """One unpacked package that has been checked.

    Attributes:
        folder: where it lies.
        code: its name without version, such as `translate-ru_en`.
        version: as its metadata gives it.
        direction: what it translates.
        digest: sha256 of the package (see above), 64 hexadecimal digits.
        network: the same sum over its `model/` folder; packages that share it share a network.
        target_prefix: a token the target begins with, for networks with several targets.
        bytes: size of its files.
        argos_version: the Argos Translate it was made for.
        weights_bytes: size of the network's weights.
        files: sha256 of each file by its relative path.
        segment_tokens: the longest segment it was trained for, as its metadata may say; longer
            ones are split at clause marks.
        search: what it asks of the search, as its metadata may say.
    """

    folder: Path
    code: str
    version: str
    direction: Direction
    digest: str
    network: str
    target_prefix: str
    bytes: int
    argos_version: str
    weights_bytes: int
    files: Mapping[str, str] = field(repr=False, compare=False)
    segment_tokens: int | None = None
    search: Advice = field(default_factory=Advice)

    @property
    def shortlist(self) -> bool:
        """Whether the package lists which target words each source word may become."""
        return any(f"model/{name}" in self.files for name in SHORTLISTS)


def read(folder: Path, *, links_within: Path | None = None, known: Sums | None = None) -> Package:
    """The package unpacked in `folder`, checked as far as reading its files goes.

    Links are refused, except those that stay inside `links_within`. `known` remembers the sums
    of files between calls, as long as their size and time of change stay the same.

    Raises:
        PackageError: something is missing, malformed or unsafe.
    """
    metadata = _metadata(folder / "metadata.json", folder.name)
    direction = _direction(metadata, folder.name)
    prefix = metadata.get("target_prefix", "")
    if not isinstance(prefix, str):
        raise PackageError(f"target_prefix of {folder.name} is not text; mend its metadata.json.")
    longest = metadata.get("segment_tokens")
    if longest is not None and (not isinstance(longest, int) or longest < 8):
        raise PackageError(
            f"segment_tokens of {folder.name} is not a number of 8 or more; mend its metadata.json."
        )
    try:
        search = Advice.read(metadata.get("search", {}))
    except ValueError as error:
        raise PackageError(
            f"What {folder.name} asks of the search cannot be read: {error} Mend its metadata.json."
        ) from error
    paths = list(_files(folder, links_within))
    names = {path.relative_to(folder).as_posix() for path in paths}
    if "model/model.bin" not in names:
        raise PackageError(f"{folder.name} holds no model/model.bin; fetch the package again.")
    if not any(name.startswith("model/") and "vocabulary" in name for name in names):
        raise PackageError(f"{folder.name} holds no vocabulary in model/; fetch it again.")
    if not names & {"sentencepiece.model", "bpe.model"}:
        raise PackageError(
            f"{folder.name} holds neither sentencepiece.model nor bpe.model, the two tokenizers "
            "that can be read; fetch another package."
        )
    sums = {path.relative_to(folder).as_posix(): _sum(path, known) for path in paths}
    model = {name: each for name, each in sums.items() if name.startswith("model/")}
    return Package(
        folder=folder,
        code=f"translate-{direction.source}_{direction.target}",
        version=str(metadata.get("package_version", "") or "0"),
        direction=direction,
        digest=digest(sums),
        network=digest(model),
        target_prefix=prefix,
        bytes=sum(path.stat().st_size for path in paths),
        argos_version=str(metadata.get("argos_version", "")),
        weights_bytes=(folder / "model" / "model.bin").stat().st_size,
        files=sums,
        segment_tokens=longest,
        search=search,
    )


def digest(sums: Mapping[str, str]) -> str:
    """The digest of a package from the sha256 of each of its files by relative path."""
    total = hashlib.sha256()
    for name in sorted(sums, key=str.encode):
        total.update(name.encode() + b"\0" + sums[name].encode() + b"\n")
    return total.hexdigest()


def probe(package: Package) -> str:
    """What the package makes of a probe sentence, run in a process of its own.

    A damaged network can bring a process down; it must not be this one.

    Raises:
        PackageError: the network does not load, or gives nothing, or a packed list of the package
            cannot be read.
    """
    for name in (RARE_WORDS, f"model/{PACKED_SHORTLIST}"):
        if (package.folder / name).is_file():
            unpacked(package.folder, name)
    code = "import sys; from models.network import main; main(sys.argv[1:])"
    root = str(Path(__file__).resolve().parent.parent)
    command = [sys.executable, "-c", code, str(package.folder), str(package.direction)]
    sentence = PROBES[package.direction.source]
    try:
        # A process that is brought down leaves what it has unpacked.
        with TemporaryDirectory(prefix="parallax-") as scratch:
            done = subprocess.run(
                [*command, package.target_prefix, sentence],
                env=dict(os.environ, PYTHONPATH=root, OMP_NUM_THREADS="1", TMPDIR=scratch),
                capture_output=True,
                timeout=_PROBE_SECONDS,
                check=False,
            )
    except subprocess.TimeoutExpired as error:
        raise PackageError(
            f"{package.code} took more than {_PROBE_SECONDS} s over one sentence; it is not "
            "usable on this machine."
        ) from error
    said = done.stdout.decode("utf-8", "replace").strip()
    if done.returncode or not said:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = lines[-1] if lines else "it gave no text"
        raise PackageError(
            f"The network in {package.code} does not translate ({reason}); fetch the package "
            "again or take another version."
        )
    return said


def _metadata(path: Path, name: str) -> dict[str, object]:
    try:
        if path.stat().st_size > _MAX_METADATA:
            raise PackageError(f"metadata.json of {name} is larger than 1 MiB; it is not one.")
        metadata = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise PackageError(f"{name} holds no metadata.json, so it is no Argos package.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise PackageError(f"metadata.json of {name} cannot be read: {error}.") from error
    if not isinstance(metadata, dict):
        raise PackageError(f"metadata.json of {name} is not an object.")
    return metadata


def _direction(metadata: Mapping[str, object], name: str) -> Direction:
    kind = metadata.get("type", "translate")
    if kind != "translate":
        raise PackageError(f"{name} is a package of type {kind}; only `translate` is used.")
    codes = str(metadata.get("from_code")), str(metadata.get("to_code"))
    try:
        direction = Direction(Language(codes[0]), Language(codes[1]))
    except ValueError as error:
        raise PackageError(
            f"{name} translates {codes[0]}→{codes[1]}; only ru, uk and en are used."
        ) from error
    if direction.source == direction.target:
        raise PackageError(f"{name} translates {direction}, a language to itself.")
    return direction


def _files(folder: Path, links_within: Path | None) -> Iterable[Path]:
    """Every file of a package; `links_within` bounds where links may lead."""
    count = 0
    within = links_within.resolve() if links_within else None
    for parent, folders, names in os.walk(folder, followlinks=within is not None):
        for name in [*folders, *names]:
            path = Path(parent) / name
            if path.is_symlink() and not (within and path.resolve().is_relative_to(within)):
                raise PackageError(
                    f"{folder.name} holds a link, {path.relative_to(folder)}; packages hold files."
                )
        for name in names:
            path = Path(parent) / name
            count += 1
            if count > MAX_FILES:
                raise PackageError(f"{folder.name} holds more than {MAX_FILES} files.")
            if not path.is_file():
                raise PackageError(f"{path.relative_to(folder)} in {folder.name} is not a file.")
            yield path


def _sum(path: Path, known: Sums | None) -> str:
    if known is None:
        return sha256(path)
    status = path.stat()
    key = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    if key not in known:
        known[key] = sha256(path)
    return known[key]


def sha256(path: Path) -> str:
    """The sha256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def safe_name(name: str) -> PurePosixPath:
    """The path of a member of an archive, if it stays inside.

    Raises:
        PackageError: it is absolute, climbs, or is no plain path.
    """
    path = PurePosixPath(name)
    unsafe = (
        not name
        or "\\" in name
        or "\0" in name
        or path.is_absolute()
        or ".." in path.parts
        or ":" in path.parts[0]
    )
    if unsafe:
        raise PackageError(f"The archive holds the path {name!r}, which leaves its folder.")
    return path
