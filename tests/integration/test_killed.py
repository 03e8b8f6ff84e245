"""A run killed half-way and started again ends with the store of an undisturbed run."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from service.store.database import Store
from tests.killed import main
from tests.made_coverage import dump
from tests.stores import postgres, store_url

__all__ = ["postgres", "store_url"]

ROOT = Path(__file__).resolve().parents[2]


def killed(url: str, count: int, after: int) -> list[str]:
    """The lines of a run that is killed once it has written `after` of them."""
    line = [sys.executable, "-m", "tests.killed", url, str(count)]
    seen: list[str] = []
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        for told in process.stdout:
            seen.append(told)
            if len(seen) >= after:
                process.send_signal(signal.SIGKILL)
                break
        process.stdout.close()
    assert process.returncode == -signal.SIGKILL
    return seen


@pytest.mark.parametrize("count", [500])
def test_killed_twice_and_run_again_is_as_if_never_killed(
    store_url: str, count: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if store_url.startswith("postgresql"):
        count = 100  # what differs is the database, and a few batches show it
    first = killed(store_url, count, count // 2)
    assert all("ingested stored" in line for line in first)
    second = killed(store_url, count, count + 5)  # this time while it aligns
    assert sum("known" in line for line in second) >= count // 2 - 16
    with redirect_stdout(StringIO()):
        main(store_url, count)
    with Store(store_url) as store:
        after_kills = dump(store)
    undisturbed = f"sqlite:///{tmp_path / 'undisturbed.sqlite3'}"
    if store_url.startswith("postgresql"):
        with request.getfixturevalue("postgres").database() as url:
            with redirect_stdout(StringIO()):
                main(url, count)
            with Store(url) as store:
                expected = dump(store)
    else:
        with redirect_stdout(StringIO()):
            main(undisturbed, count)
        with Store(undisturbed) as store:
            expected = dump(store)
    assert len(expected["document"]) == count
    assert len(expected["event"]) > 1
    assert expected["pair"]
    for table in expected:
        same = after_kills[table] == expected[table]  # a long difference would take minutes to show
        assert same, table
