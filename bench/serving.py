"""The HTTP server under many clients, side by side with LibreTranslate, and through a kill.

`python -m bench.serving` prints two tables. The first has 16 clients that send one sentence each
time, against `parallax serve` and against LibreTranslate from PyPI on the same package, in turn,
twice, with whatever else the machine does. LibreTranslate is installed, once, into an environment
of its own below the temporary folder (`--libretranslate PYTHON` names one that exists, `--alone`
goes without). Its sentence splitter, which it would download, is replaced by one that takes each
text as one sentence, which is what is sent. A server gets `--seconds`; its rate is that of the
answers that came until then.

The second sends 1,000 requests of mixed size from 32 clients and kills the server half-way. A
client whose request failed sends it again; each sentence is compared with what a quiet server gave
for it before.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.languages import Direction

ROOT = Path(__file__).resolve().parents[1]
PARALLAX = Path(sys.executable).parent / "parallax"
VERSION = "1.9.6"
CLIENTS, REQUESTS = 16, 480
CROWD, MIXED = 32, 1_000
SECONDS = 120.0

LIBRETRANSLATE = """
import sys
import argostranslate.translate as translate

class Whole:
    def __init__(self, package):
        pass

    def split_sentences(self, text):
        return [text]

translate.MiniSBDSentencizer = Whole
import libretranslate.init
libretranslate.init.check_and_install_models = lambda **_: None  # looks for packages elsewhere
import libretranslate
sys.argv = ["libretranslate", "--host", "127.0.0.1", "--port", sys.argv[1], "--load-only", "ru,en",
            "--disable-web-ui", "--disable-files-translation"]
libretranslate.main()
"""


@dataclass
class Load:
    """What a crowd of clients saw: seconds of each good answer, and the rest by kind."""

    seconds: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    sentences: int = 0
    reworded: int = 0
    wrong: int = 0
    taken: float = 0.0

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.seconds) / self.taken

    def slowest(self, share: float) -> float:
        """Milliseconds within which this share of the good answers came."""
        ranked = sorted(self.seconds)
        return 1000 * ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--package", type=Path, help="unpacked ru→en package to serve")
    parser.add_argument("--libretranslate", type=Path, help="Python that has LibreTranslate")
    parser.add_argument("--alone", action="store_true", help="go without LibreTranslate")
    parser.add_argument("--requests", type=int, default=REQUESTS, help="of one sentence each")
    parser.add_argument("--mixed", type=int, default=MIXED, help="requests through a kill")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="at most, for each server")
    given = parser.parse_args()
    # A bench that is told to stop stops its servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with workplace(given.package) as (folder, packages, _):
        python = None if given.alone else libretranslate(given.libretranslate)
        beside(packages, folder, python, given.requests, given.seconds)
        if given.mixed:
            through_a_kill(packages, folder, given.mixed)


@contextmanager
def workplace(package: Path | None) -> Iterator[tuple[Path, Path, Path]]:
    """A scratch folder, the folder in it that holds the package to serve, and that package."""
    with tempfile.TemporaryDirectory(prefix="parallax-bench-") as name:
        folder = Path(name)
        found = chosen(package)
        packages = folder / "packages"
        packages.mkdir()
        (packages / found.name).symlink_to(found)
        print(f"{machine()}\npackage: {found.name}\n")
        yield folder, packages, found


def beside(
    packages: Path, folder: Path, python: Path | None, requests: int, seconds: float
) -> None:
    """16 clients, one sentence a request, on each server in turn, twice."""
    texts = sentences()
    found: dict[str, list[Load]] = {"Parallax": [], f"LibreTranslate {VERSION}": []}
    for _ in range(2):
        with parallax(packages, folder) as port:
            found["Parallax"].append(crowd(port, texts, requests, seconds))
        if python is not None:
            with foreign(python, packages, folder) as port:
                found[f"LibreTranslate {VERSION}"].append(crowd(port, texts, requests, seconds))
    print(
        f"{CLIENTS} clients, {requests} requests of one sentence each, no text twice, "
        f"{seconds:.0f} s at most\n"
    )
    print("| server | answered | a second | median | p99 | failed |\n|---|---|---|---|---|---|")
    for name, loads in found.items():
        for load in loads:
            print(
                f"| {name} | {len(load.seconds)} | {load.rate:.1f} | {load.slowest(0.5):.0f} ms "
                f"| {load.slowest(0.99):.0f} ms | {sum(load.failures.values())} |"
            )
    ours, theirs = found.values()
    if theirs:
        times = statistics.mean(each.rate for each in ours) / statistics.mean(
            each.rate for each in theirs
        )
        print(f"\nParallax answers {times:.1f} times as many requests a second.")
    print()


def through_a_kill(packages: Path, folder: Path, requests: int) -> None:
    """Requests of mixed size at 32 clients; the server is killed and started half-way."""
    texts = sentences()
    chance = random.Random(7)
    asked = [chance.sample(texts, chance.choice((1, 1, 1, 2, 5, 20, 60))) for _ in range(requests)]
    port = free_port()
    load, lock = Load(), threading.Lock()
    process = start(packages, folder, port)
    expected = dict(zip(texts, translated(port, texts), strict=True))
    half = threading.Event()
    left = iter(asked)

    def work(_: int) -> None:
        while True:
            with lock:
                texts = next(left, None)
            if texts is None:
                return
            begun = time.perf_counter()
            while (found := ask(port, texts))[0] != "200":
                with lock:
                    load.failures[found[0]] += 1
                time.sleep(0.2)  # a client that was refused comes again with the same
            with lock:
                load.seconds.append(time.perf_counter() - begun)
                compare(load, texts, found[1], expected)
                if len(load.seconds) >= requests // 2:
                    half.set()

    begun = time.perf_counter()
    try:
        with ThreadPoolExecutor(CROWD) as pool:
            running = [pool.submit(work, number) for number in range(CROWD)]
            half.wait()
            process.send_signal(signal.SIGKILL)
            process.wait()
            process = start(packages, folder, port)
            for each in running:
                each.result()
        load.taken = time.perf_counter() - begun
    finally:
        process.terminate()
        process.wait()
    print(
        f"{requests:,} requests of 1 to 60 sentences, {CROWD} clients, "
        f"killed and started half-way\n"
    )
    print("| what | count |\n|---|---|")
    print(f"| good answers | {len(load.seconds)} |\n| sentences in them | {load.sentences} |")
    print(f"| of these worded otherwise than alone | {load.reworded} |")
    print(f"| of these the translation of another sentence | {load.wrong} |")
    for kind, count in sorted(load.failures.items()):
        print(f"| {kind} | {count} |")
    print(f"| longest wait for an answer | {max(load.seconds):.1f} s |")


def compare(load: Load, texts: list[str], answer: list[str], expected: dict[str, str]) -> None:
    """Count sentences that differ from what the quiet server gave.

    A package with a shortlist gives every sentence alone the same words as in any company; without
    one, a batch rounds otherwise than a sentence alone and now and then words it otherwise. A
    sentence is wrong when what came is nearer to another's translation.
    """
    from rapidfuzz.distance import Levenshtein

    load.sentences += len(texts)
    load.wrong += abs(len(texts) - len(answer))
    for text, given in zip(texts, answer, strict=False):
        if given != expected[text]:
            load.reworded += 1
            nearest = min(expected, key=lambda each: Levenshtein.distance(given, expected[each]))
            load.wrong += expected[nearest] != expected[text]


def crowd(port: int, texts: list[str], requests: int, seconds: float) -> Load:
    """What 16 clients saw who send one sentence after the other until all are sent or time is up.

    A request that was sent in time is waited for, and counts with the time it took.
    """
    load, lock = Load(), threading.Lock()
    translated(port, texts[:1])  # loads what is loaded at the first request
    fresh = iter(texts[i % len(texts)] + f" {i}" for i in range(requests))
    ends = time.monotonic() + seconds

    def work(_: int) -> None:
        while True:
            with lock:
                text = next(fresh, None)
            if text is None or time.monotonic() > ends:
                return
            begun = time.perf_counter()
            kind, _answer = ask(port, text)
            with lock:
                if kind == "200":
                    load.seconds.append(time.perf_counter() - begun)
                else:
                    load.failures[kind] += 1

    begun = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, range(CLIENTS)))
    load.taken = time.perf_counter() - begun
    return load


def ask(port: int, q: Any) -> tuple[str, Any]:
    """The kind of answer to a request (its status, or what became of the connection), and it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        body = json.dumps({"q": q, "source": "ru", "target": "en"})
        connection.request("POST", "/translate", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = json.loads(response.read())
        return str(response.status), answer.get("translatedText")
    except TimeoutError:
        return "no answer in two minutes", None
    except (OSError, http.client.HTTPException):
        return "connection closed by the kill, or refused until the start", None
    except ValueError:
        return "answer that is no JSON", None
    finally:
        connection.close()


def translated(port: int, texts: list[str]) -> list[str]:
    """What a server gives for texts, one call for 20 of them."""
    found: list[str] = []
    for first in range(0, len(texts), 20):
        kind, answer = ask(port, texts[first : first + 20])
        if kind != "200":
            raise SystemExit(f"The server cannot translate ({kind}).")
        found += answer
    return found


@contextmanager
def parallax(packages: Path, folder: Path) -> Iterator[int]:
    """The port of a Parallax that runs."""
    port = free_port()
    process = start(packages, folder, port)
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


def start(packages: Path, folder: Path, port: int) -> subprocess.Popen[bytes]:
    """A Parallax that answers."""
    environment = {
        **os.environ,
        "PARALLAX_DATA_FOLDER": str(folder / "data"),
        "PARALLAX_PACKAGES": str(packages),
        "PARALLAX_LOG_LEVEL": "error",
    }
    process = subprocess.Popen([PARALLAX, "serve", "--port", str(port)], env=environment)
    wait(port, "/health", process)
    return process


@contextmanager
def foreign(python: Path, packages: Path, folder: Path) -> Iterator[int]:
    """The port of a LibreTranslate that runs."""
    port = free_port()
    environment = {
        **os.environ,
        "ARGOS_PACKAGES_DIR": str(packages),
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "argos"),
    }
    with (folder / "libretranslate.log").open("wb") as log:
        process = subprocess.Popen(
            [python, "-c", LIBRETRANSLATE, str(port)],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        wait(port, "/languages", process)
        yield port
    finally:
        process.terminate()
        process.wait()


def wait(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    """Return once a server answers."""
    for _ in range(1200):
        if process.poll() is not None:
            raise SystemExit("The server stopped before it answered.")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise SystemExit("The server did not answer within two minutes.")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def sentences() -> list[str]:
    """The Russian sentences of the sample coverage, once each."""
    from models.languages import Language
    from models.segment import segment
    from service.ingest.article import Article
    from service.ingest.fields import Fields
    from service.ingest.files import Reading

    found: dict[str, None] = {}
    for article in Reading([str(ROOT / "samples" / "coverage")], Fields()):
        for each in segment(article.text) if isinstance(article, Article) else ():
            if each.language is Language.RU and 30 <= len(each.text) <= 300:
                found[" ".join(each.text.split())] = None
    if len(found) < 50:
        raise SystemExit("samples/ holds too few Russian sentences to measure with.")
    return list(found)


def chosen(given: Path | None, direction: Direction | None = None) -> Path:
    """The package to measure with: the one named, or the one installed for ru→en or another."""
    if given is not None:
        return given.resolve()
    from models.languages import Direction
    from models.registry import Registry
    from service.settings import Settings

    wanted = direction or Direction.parse("ru-en")
    route = Registry(Settings().package_folders).route(wanted)
    if route is not None and len(route.packages) == 1:
        return route.packages[0].folder
    raise SystemExit(f"No {wanted} package is installed; name an unpacked one with --package.")


def libretranslate(given: Path | None) -> Path | None:
    """A Python that has LibreTranslate, or None (and a line that says so)."""
    if given is not None:
        return given
    target = Path(tempfile.gettempdir()) / f"parallax-libretranslate-{VERSION}"
    python = target / "bin" / "python"
    finished = target / "finished"
    if not finished.exists():
        shutil.rmtree(target, ignore_errors=True)
        print(f"Installing LibreTranslate {VERSION} into {target}, once.\n", flush=True)
        make = [sys.executable, "-m", "venv", str(target)]
        install = [str(python), "-m", "pip", "install", "--quiet", f"libretranslate=={VERSION}"]
        try:
            subprocess.run(make, check=True, capture_output=True, timeout=300)
            subprocess.run(install, check=True, capture_output=True, timeout=1800)
        except (subprocess.SubprocessError, OSError):
            shutil.rmtree(target, ignore_errors=True)
            print("LibreTranslate could not be installed, so Parallax is measured alone.\n")
            return None
        finished.touch()
    return python


def machine() -> str:
    """The processor, its cores and how busy it is, in a line."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    name = next((x.partition(":")[2].strip() for x in lines if x.startswith("model name")), "?")
    return f"{name}, {len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f} before"


if __name__ == "__main__":
    main()
