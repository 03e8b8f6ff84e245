"""The whole path on the sample coverage: articles a second, peak memory, start-up times.

`python bench/pipeline.py` prints a table. Each figure is taken in a process of its own, on a new
store in a temporary folder, with the packages and the encoder that are installed. Processor time
stands beside the time on the clock, since a busy machine stretches only the latter.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PARALLAX = Path(sys.executable).parent / "parallax"
ROUNDS = 5


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="parallax-bench-") as folder:
        first = path(folder)
        again = path(folder)
        runs = sorted(started("--help") for _ in range(ROUNDS))
        listening, ready, used = server(folder)
    articles = first["articles"]
    rows = [
        ("articles of the sample coverage", f"{articles}", ""),
        ("segments and claims translated", f"{first['translations']}", ""),
        ("pairs across languages", f"{first['pairs']}", ""),
        ("went without", ", ".join(first["missing"]) or "nothing", ""),
        ("read, translate, encode, group into events", *seconds(first["ingest"])),
        ("align and contrast", *seconds(first["align"])),
        ("whole path, articles a second", *(f"{articles / one:.1f}" for one in first["total"])),
        ("the same articles again", *seconds(again["total"])),
        ("what that changed", f"{again['changed']} documents and events", ""),
        ("peak memory of the path", f"{first['megabytes']:.0f} MB", ""),
        (f"`parallax --help`, median of {ROUNDS}", *seconds(runs[ROUNDS // 2])),
        ("`parallax serve` until it answers", f"{listening:.2f} s", ""),
        ("`parallax serve` until networks are loaded", ready, f"{used:.2f} s"),
    ]
    print(f"{machine()}\n")
    print("| what | on the clock | processor |\n|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def seconds(pair: tuple[float, float]) -> tuple[str, str]:
    """Seconds on the clock and of the processor, as they are printed."""
    return f"{pair[0]:.2f} s", f"{pair[1]:.2f} s"


def machine() -> str:
    """The processor, its cores, memory and Python, in a line."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text().splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        model = names[0] if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    return (
        f"{model}, {cores} cores, {memory:.0f} GiB, Python {platform.python_version()}, "
        f"load {load:.1f} when this was printed"
    )


def path(folder: str) -> dict[str, Any]:
    """The figures of one run of the whole path, in a process of its own."""
    line = [sys.executable, __file__, "--path", folder]
    done = subprocess.run(line, capture_output=True, text=True, check=True, cwd=ROOT)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def run_path(folder: str) -> dict[str, object]:
    """Take in the sample coverage and align it."""
    from service.commands import opening
    from service.ingest.fields import Fields
    from service.ingest.files import Reading
    from service.pipeline import Pipeline
    from service.settings import Settings
    from service.store import pairs, translations

    settings = Settings(data_folder=Path(folder))
    begun = clocks()
    with opening.store(settings) as store, opening.engine(settings) as engine:
        pipeline = Pipeline(settings, store, engine, opening.encoder_if_any(settings))
        reading = Reading([str(ROOT / "samples" / "coverage")], Fields())
        answers = list(pipeline.ingest(reading))
        taken = clocks()
        aligned = list(pipeline.align())
        done = clocks()
        with store.session() as session:
            relations, translated = pairs.relations(session), translations.count(session)
    return {
        "articles": sum(answer.status != "refused" for answer in answers),
        "changed": sum(answer.status in ("stored", "changed") for answer in answers) + len(aligned),
        "ingest": passed(begun, taken),
        "align": passed(taken, done),
        "total": passed(begun, done),
        "pairs": sum(relations.values()),
        "translations": translated,
        "missing": sorted({name for one in aligned for name in one.missing}),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def clocks() -> tuple[float, float]:
    """Now, on the clock and in processor seconds of this process and its finished children."""
    mine, theirs = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    used = mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime
    return time.perf_counter(), used


def passed(begun: tuple[float, float], done: tuple[float, float]) -> tuple[float, float]:
    """What passed between two readings of the clocks."""
    return done[0] - begun[0], done[1] - begun[1]


def started(*arguments: str) -> tuple[float, float]:
    """What a command takes from start to end."""
    begun = clocks()
    subprocess.run([PARALLAX, *arguments], capture_output=True, check=True)
    return passed(begun, clocks())


def server(folder: str) -> tuple[float, str, float]:
    """Seconds until a new server answers, until it is ready (or why not), and of the processor."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PARALLAX_DATA_FOLDER": folder}
    line = [str(PARALLAX), "serve", "--port", str(port)]
    before, begun = clocks(), time.perf_counter()
    with subprocess.Popen(
        line, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            listening = answered(f"http://127.0.0.1:{port}/health", begun)
            if packages():
                ready = f"{answered(f'http://127.0.0.1:{port}/ready', begun):.2f} s"
            else:
                ready = "never: no package is installed"
        finally:
            process.terminate()
    return listening, ready, passed(before, clocks())[1]


def packages() -> bool:
    """Whether there is any package to load."""
    from models.registry import Registry
    from service.settings import Settings

    return bool(Registry(Settings().package_folders).directions())


def answered(url: str, begun: float) -> float:
    """Seconds from `begun` until the address answers with success; gives up after two minutes."""
    while time.perf_counter() - begun < 120:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return time.perf_counter() - begun
        except (urllib.error.URLError, OSError):
            time.sleep(0.01)
    raise SystemExit(f"{url} did not answer within two minutes.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--path"]:
        print(json.dumps(run_path(sys.argv[2])))
    else:
        main()
