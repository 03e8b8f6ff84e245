"""Where results are written: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from service.errors import BadInput


@contextmanager
def writing(path: str | None) -> Iterator[BinaryIO]:
    """A binary file to write results to; None and `-` are standard output.

    A named file is written beside its place and moved there at the end, so that an interrupted
    run or a full disk leaves what was there before.

    Raises:
        BadInput: the folder of a named file is not there.
        OSError: it cannot be written.
    """
    if path is None or path == "-":
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(path)
    if target.exists() and not target.is_file():  # a device or a pipe cannot be moved onto
        with target.open("wb") as file:
            yield file
        return
    if not target.parent.is_dir():
        raise BadInput(
            f"There is no folder {target.parent} to write {target.name} to; make it first."
        )
    with NamedTemporaryFile(
        dir=target.parent, prefix=f".{target.name}.", suffix=".part", delete=False
    ) as file:
        part = Path(file.name)
        try:
            yield file  # type: ignore[misc]  # the wrapper has everything that BinaryIO asks for
            file.flush()
            os.fsync(file.fileno())
            part.chmod(0o666 & ~_umask())
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
