"""Documents that are zip archives: entry by entry, the words changed and all else copied."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from models.documents.limits import Limits
from models.documents.source import Source
from models.errors import DocumentError
from models.paragraph import Conversation, Paragraph, Part

#: Archives that stay below this are not judged by how much they grow.
_SMALL = 4 * 2**20
_CHUNK = 1 << 18

#: The conversation about one entry, given its name and bytes; None to copy it.
Reading = Callable[[str, bytes], Conversation[bytes]]


def converse(
    source: Source, wanted: Callable[[str], bool], read: Reading
) -> Generator[Sequence[Paragraph], Sequence[Sequence[Part]], None]:
    """Translate the entries whose names are wanted, and copy the others, in the same order.

    Raises:
        DocumentError: the archive is broken, locked, or beyond the limits.
    """
    with (
        opened(source.file, source.limits) as archive,
        zipfile.ZipFile(source.target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        found = 0
        for entry in archive.infolist():
            copy = zipfile.ZipInfo(entry.filename, entry.date_time)
            copy.compress_type = (
                zipfile.ZIP_STORED
                if entry.compress_type == zipfile.ZIP_STORED
                else zipfile.ZIP_DEFLATED
            )
            copy.external_attr = entry.external_attr
            if wanted(entry.filename):
                found += 1
                data = contents(archive, entry, source.limits)
                made.writestr(copy, (yield from read(entry.filename, data)))
                continue
            with _read(archive, entry) as inside, made.open(copy, "w") as outside:
                while chunk := inside.read(_CHUNK):
                    outside.write(chunk)
        if not found:
            raise DocumentError(
                f"The file is an archive, but no {source.extension} document; check what it is."
            )


@contextmanager
def opened(file: BinaryIO, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The archive in a file, checked before anything of it is unpacked.

    Raises:
        DocumentError: it is broken, locked, or beyond the limits.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _check(archive, file, limits)
            yield archive
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OverflowError) as error:
        raise DocumentError(
            f"The file is broken ({error}); open it in its program and save it again."
        ) from error


def contents(archive: zipfile.ZipFile, entry: zipfile.ZipInfo | str, limits: Limits) -> bytes:
    """The bytes of an entry whose words are translated.

    Raises:
        DocumentError: it is too large.
    """
    entry = archive.getinfo(entry) if isinstance(entry, str) else entry
    if entry.file_size > limits.part_bytes:
        raise DocumentError(
            f"{entry.filename[:80]} in the file has more than {limits.part_bytes:,} bytes; "
            f"split the document."
        )
    with _read(archive, entry) as inside:
        return inside.read()


@contextmanager
def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[zipfile.ZipExtFile]:
    """An entry, of which no more is read than it says it holds."""
    import zlib

    try:
        with archive.open(entry) as inside:
            yield inside  # type: ignore[misc]  # typeshed says IO[bytes]; it is the class named
    except (zlib.error, RuntimeError) as error:
        raise zipfile.BadZipFile(str(error)) from error


def _check(archive: zipfile.ZipFile, file: BinaryIO, limits: Limits) -> None:
    entries = archive.infolist()
    if len(entries) > limits.entries:
        raise DocumentError(f"The file holds more than {limits.entries:,} parts; split it.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise DocumentError("The document is locked; save it without a password.")
    names = {entry.filename for entry in entries}
    if len(names) < len(entries):
        raise DocumentError("The file holds two parts of one name; save it again.")
    unpacked = sum(entry.file_size for entry in entries)
    packed = file.seek(0, 2)
    # Entries may share packed bytes, so their own packed sizes say nothing.
    if unpacked > limits.unpacked_bytes or (unpacked > _SMALL and unpacked > limits.ratio * packed):
        raise DocumentError(
            f"The file would grow from {packed:,} to {unpacked:,} bytes; it is not translated."
        )
