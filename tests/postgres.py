"""A private PostgreSQL for tests: a cluster in a temporary folder, on a unix socket, gone after.

PostgreSQL refuses to run as root, so as root its commands run as the `postgres` user that Debian's
package makes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

#: Where Debian puts the server's commands, newest last; elsewhere they are on the path.
_DEBIAN = Path("/usr/lib/postgresql")


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl, or None where no server is installed."""
    for folder in sorted(_DEBIAN.glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def why_not() -> str | None:
    """Why no server can be started here, as a reason to skip; None when one can."""
    if binaries() is None:
        return "no PostgreSQL server is installed (Debian: apt-get install postgresql)"
    if os.geteuid() == 0 and _user() is None:
        return "PostgreSQL does not run as root and there is no user postgres to run it as"
    return None


def _user() -> str | None:
    import pwd

    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return None


class Cluster:
    """A running server; `database()` gives the URL of a new, empty database in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.admin = f"host={folder} user=parallax dbname=postgres"

    def command(self, name: str, *arguments: str) -> None:
        folder = binaries()
        assert folder is not None
        line = [str(folder / name), *arguments]
        if os.geteuid() == 0:
            line = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *line]
        # The server keeps what it inherits open; a pipe would never see its end.
        with (self.folder / "output").open("ab") as output:
            done = subprocess.run(
                line,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
                check=False,
            )
        assert done.returncode == 0, (self.folder / "output").read_text(errors="replace")

    @contextmanager
    def database(self) -> Iterator[str]:
        name = f"test_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(self.admin, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"postgresql+psycopg://parallax@/{name}?host={quote(str(self.folder))}"
        finally:
            with psycopg.connect(self.admin, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A server for as long as the block runs."""
    # A unix socket's path is short, so not below pytest's long temporary folders.
    folder = Path(tempfile.mkdtemp(prefix="parallax-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        made = Cluster(folder)
        made.command(
            "initdb",
            "-D",
            str(made.data),
            "-U",
            "parallax",
            "-E",
            "UTF8",
            "--locale=C",
            "--auth=trust",
            "--no-sync",
        )
        made.command(
            "pg_ctl",
            "-D",
            str(made.data),
            "-w",
            "-l",
            str(folder / "log"),
            "-o",
            f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off "
            f"-c full_page_writes=off -c max_connections=50",
            "start",
        )
        try:
            yield made
        finally:
            made.command("pg_ctl", "-D", str(made.data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
