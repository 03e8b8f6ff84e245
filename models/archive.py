"""An `.argosmodel` file: checked before anything of it is written to disk."""

from __future__ import annotations

import shutil
import stat
import zipfile
from pathlib import Path

from models.errors import PackageError
from models.package import MAX_BYTES, MAX_FILES, safe_name

#: Weights hardly shrink; an archive that grows more than this is a bomb.
_MAX_RATIO = 100
_SMALL = 64 << 20


def unpack(path: Path, into: Path) -> Path:
    """Unpack the one folder of the archive at `path` under `into`, and give its path.

    Raises:
        PackageError: it is not a zip, holds no single folder, a path that leaves it, a link, an
            encrypted or repeated member, or grows beyond the limits.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            top = _check(members, path)
            for member in members:
                _extract(archive, member, into)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise PackageError(f"{path.name} cannot be unpacked ({error}); fetch it again.") from error
    return into / top


def _check(members: list[zipfile.ZipInfo], path: Path) -> str:
    """The name of the archive's one folder, once every member has been looked at."""
    if len(members) > MAX_FILES:
        raise PackageError(f"{path.name} holds more than {MAX_FILES} files.")
    tops: set[str] = set()
    seen: set[str] = set()
    total = 0
    for member in members:
        name = safe_name(member.filename)
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise PackageError(f"{path.name} holds a link or device, {name}; packages hold files.")
        if member.flag_bits & 1:
            raise PackageError(f"{path.name} is encrypted; packages are not.")
        if len(name.parts) < 2 and not member.is_dir():
            raise PackageError(f"{path.name} holds {name} outside its folder.")
        if str(name).casefold() in seen:
            raise PackageError(f"{path.name} holds {name} twice.")
        seen.add(str(name).casefold())
        tops.add(name.parts[0])
        total += member.file_size
    if len(tops) != 1:
        raise PackageError(f"{path.name} holds {len(tops)} folders at its top; a package has one.")
    size = path.stat().st_size
    if total > MAX_BYTES or (total > _SMALL and total > _MAX_RATIO * size):
        raise PackageError(f"{path.name} would grow to {total:,} bytes; it is not a package.")
    return tops.pop()


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path) -> None:
    target = into.joinpath(*safe_name(member.filename).parts)
    if member.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    # zipfile reads no more than the size that was checked, and compares the checksum.
    with archive.open(member) as source, target.open("xb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
