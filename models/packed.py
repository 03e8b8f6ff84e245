"""Lists of lines that packages bring xz-compressed."""

from __future__ import annotations

import lzma
from pathlib import Path

from models.errors import PackageError

_MOST_BYTES = 64 << 20


def packed(listed: bytes) -> bytes:
    """The lines of a list, as they go into a file."""
    return lzma.compress(listed, preset=9 | lzma.PRESET_EXTREME)


def unpacked(folder: Path, name: str) -> bytes:
    """The lines of a list, which lies in a folder under a name or a relative path.

    Raises:
        PackageError: it cannot be read.
    """
    where = f"{name} in {folder.name}"
    try:
        content = (folder / name).read_bytes()
        unpacker = lzma.LZMADecompressor()
        listed = unpacker.decompress(content, _MOST_BYTES)
        if not unpacker.eof or not listed.endswith(b"\n"):
            raise PackageError(
                f"{where} is cut off, or larger than {_MOST_BYTES >> 20} MiB; "
                "fetch the package again."
            )
        listed.decode()
    except (OSError, lzma.LZMAError, EOFError, UnicodeDecodeError) as error:
        raise PackageError(f"{where} cannot be read ({error}); fetch the package again.") from error
    return listed
