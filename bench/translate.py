"""Words per second of the engine against Argos Translate and against bare CTranslate2.

Run from the checkout: `python -m bench.translate [--articles 200] [--argos-seconds 300]`.

One package, one splitter and one set of texts for all: the package is the one installed for the
direction, or another with `--package FOLDER`. With `--official` it is built on the spot in the
shape of an official one (6+6 layers of 512, 50,000 words, int8), with weights that copy, so that
targets are as long as real ones. Argos Translate is slow, so it is given the same articles one by
one until its seconds are over; what is compared is words a second, each on the articles it did.
Wall-clock time means little on a machine with other work, so processor time is told beside it.
"""

from __future__ import annotations

import argparse
import importlib
import lzma
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.serving import chosen
from models.languages import Direction
from models.network import Network, Search
from models.package import read
from models.registry import Registry
from models.segment import spans
from models.tokens import load
from models.translate import ARGOS, DecodeOptions, Engine, Lane
from tests.packages import copying_package

ROOT = Path(__file__).resolve().parent.parent
CORPORA = ROOT.parent / "shared" / "corpora" / "mono"
SENTENCES = 15


def articles(count: int, language: str) -> list[str]:
    """Texts of about fifteen sentences: news where the shared data lies beside the checkout."""
    names = {"ru": "voa.ru", "uk": "ukrpravda.uk", "en": "ennews.en"}
    path = CORPORA / f"{names[language]}.txt.xz"
    if path.is_file():
        with lzma.open(path, "rt", encoding="utf-8") as file:
            lines = [line.strip() for line in file if line.strip()]
    else:
        samples = sorted((ROOT / "samples").rglob("*.txt"))
        text = "\n".join(each.read_text(encoding="utf-8") for each in samples)
        lines = [text[start:end].replace("\n", " ") for start, end in spans(text)]
    return [
        "\n".join(" ".join(paragraph) for paragraph in _threes(lines, number * SENTENCES))
        for number in range(count)
    ]


def _threes(lines: Sequence[str], at: int) -> list[list[str]]:
    """Five paragraphs of three sentences, from the start again where the lines run out."""
    taken = [lines[(at + n) % len(lines)] for n in range(SENTENCES)]
    return [taken[n : n + 3] for n in range(0, SENTENCES, 3)]


def main() -> None:
    """Run what is asked for and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument(
        "--argos-seconds", type=float, default=300, help="wall-clock seconds that Argos is given"
    )
    parser.add_argument("--package", type=Path, help="an unpacked package to use")
    parser.add_argument(
        "--official", action="store_true", help="build packages of the official shape"
    )
    parser.add_argument("--direction", default="ru-en")
    parser.add_argument("--memory", action="store_true", help="only memory and start-up")
    arguments = parser.parse_args()
    direction = Direction.parse(arguments.direction)
    package = None if arguments.official else chosen(arguments.package, direction)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        if arguments.memory:
            _memory(package, home)
            return
        texts = articles(arguments.articles, direction.source.value)
        folder = package or copying_package(
            home,
            [line for text in texts for line in text.split("\n")],
            *arguments.direction.split("-"),
        )
        _speed(folder, direction, texts, arguments.argos_seconds, repair=package is not None)


def _speed(
    folder: Path, direction: Direction, texts: list[str], seconds: float, *, repair: bool
) -> None:
    """Print the rows; what only copies would be taken for wrong and decoded twice by repair."""
    words = _words(texts)
    registry = Registry([folder.parent], links_within=folder.parent)
    package = read(folder, links_within=folder.parent)
    print(
        f"package {package.code} {package.version}, sha256 {package.digest[:16]}, "
        f"{package.weights_bytes / 1e6:.0f} MB of weights"
    )
    print(
        f"{len(texts)} articles, {words:,} words; Argos does as many of them as it can in "
        f"{seconds:.0f} s; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n"
    )
    print(
        f"{'':44}{'articles':>9}{'words':>8}{'wall s':>9}{'CPU s':>9}{'words/s':>9}{'/CPU s':>9}",
        flush=True,
    )

    engine = Engine(registry)
    engine.translate_segments(["Да."], direction)
    bare = _bare(folder, package.direction, package.target_prefix, engine)
    bare(texts[:1])
    _, bare_cost = _timed("bare CTranslate2, sorted segments, beam 4", bare, texts)
    rows = {}
    kinds = {"same options": ARGOS} | ({"with repair": DecodeOptions()} if repair else {})
    for name, options in kinds.items():
        engine = Engine(registry)
        engine.translate_segments(["Да."], direction)

        def run(
            given: list[str], options: DecodeOptions = options, engine: Engine = engine
        ) -> list[str]:
            found = engine.translate(given, direction, options=options, lane=Lane.BULK)
            return [each.text for each in found]

        rows[name] = _timed(f"Parallax, {name}", run, texts)
        engine.close()
    argos = _argos(folder)
    argos(texts[:1])
    ends = time.monotonic() + seconds

    def until_the_end(given: list[str]) -> list[str]:
        done: list[str] = []
        for text in given:
            if done and time.monotonic() > ends:
                break
            done += argos([text])
        return done

    said, argos_cost = _timed("argostranslate.translate", until_the_end, texts)
    some = texts[: len(said)]
    print()
    for name, (_, cost) in rows.items():
        for number, kind in enumerate(("wall", "CPU")):
            times = argos_cost[number] * words / _words(some) / cost[number]
            limit = bare_cost[number] / cost[number]
            print(
                f"{name}, by {kind} time: {times:.1f} times the words per second of Argos "
                f"(aim 6), {limit:.2f} of the limit (aim 0.9)"
            )
    ours = rows["same options"][0][: len(some)]
    same = sum(a == b for a, b in zip(ours, said, strict=True))
    print(f"same text as Argos for {same} of {len(some)} articles")


def _timed(
    name: str, run: Callable[[list[str]], list[str]], texts: list[str]
) -> tuple[list[str], tuple[float, float]]:
    """What a run gave and the wall-clock and processor seconds it took; it may leave texts out."""
    wall, processor = time.perf_counter(), time.process_time()
    said = run(texts)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    words = _words(texts[: len(said)])
    print(
        f"{name:44}{len(said):9,}{words:8,}{wall:9.1f}{processor:9.1f}{words / wall:9.1f}"
        f"{words / processor:9.1f}",
        flush=True,
    )
    return said, (wall, processor)


def _words(texts: Sequence[str]) -> int:
    return sum(len(text.split()) for text in texts)


def _bare(
    folder: Path, direction: Direction, prefix: str, engine: Engine
) -> Callable[[list[str]], list[str]]:
    """One call of CTranslate2 on all segments, which it sorts by length and batches itself."""
    tokenizer = load(folder, direction)
    workers, threads = engine.options.shape()
    network = Network(folder / "model", threads=threads, workers=workers)
    search = Search(max_length=ARGOS.max_length, shortlist=False)

    def run(texts: list[str]) -> list[str]:
        segments = dict.fromkeys(text[a:b] for text in texts for a, b in spans(text))
        tokens = [tokenizer.encode(segment) for segment in segments]
        found = network.decode(tokens, [prefix] * len(tokens), search, 1024)
        said = dict(
            zip(segments, (tokenizer.decode(each[0].tokens) for each in found), strict=True)
        )
        return [" ".join(said[text[a:b]] for a, b in spans(text)) for text in texts]

    return run


def _argos(folder: Path) -> Callable[[list[str]], list[str]]:
    """The real module with our splitter, so that nothing is downloaded."""
    scratch = tempfile.mkdtemp()
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        os.environ[name] = scratch
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        real: Any = importlib.import_module("argostranslate.translate")
        packages: Any = importlib.import_module("argostranslate.package")

    class Sentences:
        def __init__(self, package: object) -> None:
            del package

        def split_sentences(self, text: str) -> list[str]:
            return [text[start:end] for start, end in spans(text)]

    real.MiniSBDSentencizer = Sentences
    real.StanzaSentencizer = Sentences
    package = packages.Package(folder)
    ends = (real.Language(code, code) for code in (package.from_code, package.to_code))
    translation = real.PackageTranslation(*ends, package)
    return lambda texts: [translation.translate(text) for text in texts]


_START = """
import sys, time
begin = time.perf_counter()
from pathlib import Path
from models.registry import Registry
from models.translate import Engine
from models.languages import DIRECTIONS
folders = [Path(each) for each in sys.argv[1:]]
engine = Engine(Registry(folders, links_within=folders[0]))
first = next(iter(engine.directions()))
engine.translate(["Сегодня. Today."], first)
ready = time.perf_counter() - begin
for direction in engine.directions():
    engine.translate(["Президент подписал закон. The president signed it."] * 5, direction)
status = Path("/proc/self/status").read_text()
memory = next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]
print(len(engine.directions()), engine.loaded(), int(memory) / 1024, ready)
"""


def _memory(package: Path | None, home: Path) -> None:
    """Memory with every direction loaded and time to the first sentence, in a fresh process."""
    folders = [package.parent] if package else [home]
    if not package:
        for number, pair in enumerate((("ru", "en"), ("uk", "en"), ("en", "ru"), ("en", "uk"))):
            # Vocabularies of their own, so that each package has a network of its own.
            texts = [text for language in pair for text in articles(20 + number, language)]
            copying_package(home, [line for text in texts for line in text.split("\n")], *pair)
    command = [sys.executable, "-c", _START, *map(str, folders)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    directions, networks, memory, ready = done.stdout.split()
    print(
        f"{directions} directions, {networks} networks: {float(memory):.0f} MB resident; "
        f"first sentence {float(ready):.1f} s after start (imports included)"
    )


if __name__ == "__main__":
    main()
