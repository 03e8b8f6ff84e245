"""How long a person waits: for the first sentence after the start, and behind a bulk job.

`python -m bench.waiting` prints two tables. The first starts `parallax serve` on a store that is
there and asks for a translation until one comes, with the files in the system's cache and after
they were dropped from it (as far as the system lets go of them). The second has one client that
sends one sentence after the other, alone and while another client has hundreds translated. Seconds
mean little on a machine with other work, so the first table tells the server's processor time too.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.serving import PARALLAX, ROOT, Load, ask, free_port, parallax, sentences, workplace

STARTS, ASKED = 3, 120
FIRST = "Министр сообщил, что встреча прошла в Киеве."
#: Texts of a bulk job at a time; the server takes more than 64 for bulk work.
BULK = 200


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--package", type=Path, help="unpacked ru→en package to serve")
    parser.add_argument("--starts", type=int, default=STARTS, help="starts of each kind")
    parser.add_argument("--asked", type=int, default=ASKED, help="sentences of each kind")
    given = parser.parse_args()
    with workplace(given.package) as (folder, packages, package):
        from_start(packages, folder, package, given.starts)
        behind_bulk(packages, folder, given.asked)


def from_start(packages: Path, folder: Path, package: Path, starts: int) -> None:
    """Seconds from the start of the process to the first translated sentence."""
    with starting(packages, folder) as (port, _):
        first_sentence(port, time.perf_counter())  # makes the store
    print("| first sentence | seconds | until it listens | CPU seconds until then |")
    print("|---|---|---|---|")
    for kind in ("files in the cache", "files dropped from it"):
        for _ in range(starts):
            if kind != "files in the cache":
                forget([Path(sys.prefix), ROOT / "models", ROOT / "service", package])
            begun = time.perf_counter()
            with starting(packages, folder) as (port, process):
                listens, answered = first_sentence(port, begun)
                spent = processor_seconds(process.pid)
            print(f"| {kind} | {answered:.2f} | {listens:.2f} | {spent:.2f} |", flush=True)
    print()


def behind_bulk(packages: Path, folder: Path, asked: int) -> None:
    """How long one sentence takes, alone and while a bulk job runs."""
    texts = sentences()
    print("| one sentence at a time | median | p99 | longest |")
    print("|---|---|---|---|")
    with parallax(packages, folder) as port:
        ask(port, texts[0])
        alone = one_by_one(port, texts, asked, "а")
        row("alone", alone)
        ended = threading.Event()
        count = [0]

        def bulk() -> None:
            number = 0
            while not ended.is_set():
                some = [f"{texts[n % len(texts)]} {number}." for n in range(number, number + BULK)]
                number += BULK
                if ask(port, some)[0] == "200":
                    count[0] += len(some)

        job = threading.Thread(target=bulk)
        job.start()
        time.sleep(2.0)  # until it is well under way
        try:
            row("behind a bulk job", one_by_one(port, texts, asked, "б"))
        finally:
            ended.set()
            job.join()
    print(f"\nThe bulk job had {count[0]} texts translated meanwhile.")


def one_by_one(port: int, texts: list[str], count: int, mark: str) -> Load:
    """What a client saw who sends one sentence after the other, none twice."""
    load = Load()
    begun = time.perf_counter()
    for number in range(count):
        sent = time.perf_counter()
        kind, _ = ask(port, f"{texts[number % len(texts)]} {mark}{number}")
        if kind == "200":
            load.seconds.append(time.perf_counter() - sent)
        else:
            load.failures[kind] += 1
    load.taken = time.perf_counter() - begun
    return load


def row(name: str, load: Load) -> None:
    """Print one row of the second table."""
    failed = f" ({sum(load.failures.values())} failed)" if load.failures else ""
    print(
        f"| {name}{failed} | {load.slowest(0.5):.0f} ms | {load.slowest(0.99):.0f} ms "
        f"| {1000 * max(load.seconds):.0f} ms |",
        flush=True,
    )


@contextmanager
def starting(packages: Path, folder: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A Parallax that has just been started, and its port; nobody has waited for it yet."""
    port = free_port()
    environment = {
        **os.environ,
        "PARALLAX_DATA_FOLDER": str(folder / "data"),
        "PARALLAX_PACKAGES": str(packages),
        "PARALLAX_LOG_LEVEL": "error",
    }
    process = subprocess.Popen(
        [PARALLAX, "serve", "--port", str(port)], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        yield port, process
    finally:
        process.terminate()
        process.wait()


def first_sentence(port: int, begun: float) -> tuple[float, float]:
    """Seconds since `begun` when the server took a connection, and when it gave a translation."""
    import socket

    listens = 0.0
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            if time.perf_counter() - begun > 120:
                raise SystemExit("The server did not answer within two minutes.") from None
            time.sleep(0.01)
            continue
        listens = listens or time.perf_counter() - begun
        kind, answer = ask(port, FIRST)
        if kind == "200" and answer != FIRST:
            return listens, time.perf_counter() - begun


def processor_seconds(process: int) -> float:
    """Processor time a process has had, its own and the system's for it."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def forget(folders: list[Path]) -> None:
    """Ask the system to drop the files below some folders from its cache."""
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                with path.open("rb") as file:
                    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


if __name__ == "__main__":
    main()
