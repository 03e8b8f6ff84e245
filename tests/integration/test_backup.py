"""A backup as README says to make it, taken while Parallax writes, opens as the store it was."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from service.pipeline import Pipeline
from service.settings import Settings
from service.store.database import Store
from tests.made_coverage import NOW, coverage, dump
from tests.postgres import Cluster, binaries
from tests.rows import article, plant
from tests.stores import postgres

__all__ = ["postgres"]


def filled(url: str) -> Store:
    store = Store(url)
    store.upgrade()
    list(Pipeline(Settings(), store).ingest(coverage(8), now=NOW))
    return store


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="sqlite3 is not installed")
def test_sqlite_is_copied_while_a_writer_is_at_work(tmp_path: Path) -> None:
    path, copy = tmp_path / "parallax.sqlite3", tmp_path / "copy.sqlite3"
    with filled(f"sqlite:///{path}") as store:
        before = dump(store)
        with store.session(write=True) as session:  # not committed when the copy is made
            plant(session, [article("uk")])
            subprocess.run(["sqlite3", str(path), f".backup '{copy}'"], check=True)
        assert dump(store) != before
    with Store(f"sqlite:///{copy}") as found:
        found.ready()
        assert dump(found) == before


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="sqlite3 is not installed")
def test_a_copy_put_in_place_of_the_store_is_the_store(tmp_path: Path) -> None:
    path, copy = tmp_path / "parallax.sqlite3", tmp_path / "copy.sqlite3"
    with filled(f"sqlite:///{path}") as store:
        before = dump(store)
        subprocess.run(["sqlite3", str(path), f".backup '{copy}'"], check=True)
        with store.session(write=True) as session:
            plant(session, [article("uk")])
    for each in tmp_path.glob("parallax.sqlite3*"):
        each.unlink()
    copy.rename(path)
    with Store(f"sqlite:///{path}") as found:
        assert dump(found) == before
        with found.session(write=True) as session:
            plant(session, [article("uk")])


def test_postgresql_is_dumped_and_restored(postgres: Cluster, tmp_path: Path) -> None:
    folder = binaries()
    assert folder is not None
    with postgres.database() as url, postgres.database() as other:
        with filled(url) as store:
            before = dump(store)
            host, name = where(url)
            login = ["--host", host, "--username", "parallax"]
            made = tmp_path / "parallax.dump"
            command = [str(folder / "pg_dump"), *login, "--format=custom", f"--file={made}", name]
            subprocess.run(command, check=True)
        command = [str(folder / "pg_restore"), *login, f"--dbname={where(other)[1]}", str(made)]
        subprocess.run(command, check=True)
        with Store(other) as found:
            found.ready()
            assert dump(found) == before


def where(url: str) -> tuple[str, str]:
    """The socket's folder and the name of a database."""
    parts = urlsplit(url)
    return parse_qs(parts.query)["host"][0], parts.path.strip("/")
