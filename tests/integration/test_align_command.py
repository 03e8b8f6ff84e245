"""`parallax align` and `parallax encode`, with the shipped encoder and without packages."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.encode import SHIPPED, WEIGHTS
from service import cli
from tests.packages import dictionary_package

Run = Callable[..., str]

RUSSIAN = [
    "Стороны обменялись пленными по формуле 157 на 157.",
    "Обмен прошёл при посредничестве Объединённых Арабских Эмиратов.",
    "",
    "Министр обороны заявил, что переговоры продолжатся 4 февраля.",
    "В Москве прошёл сильный снегопад.",
]
ENGLISH = [
    "The minister of defence said that the talks would continue on 4 February.",
    "The two sides exchanged prisoners, 157 for 157.",
    "The exchange was mediated by the United Arab Emirates.",
]
UKRAINIAN = [
    "Сторони обмінялися полоненими за формулою 157 на 157.",
    "Обмін відбувся за посередництва Об'єднаних Арабських Еміратів.",
    "Міністр оборони заявив, що переговори продовжаться 4 лютого.",
]
needs_encoder = pytest.mark.skipif(
    not (SHIPPED / WEIGHTS).is_file(), reason="no sentence encoder is shipped in this checkout"
)


@pytest.fixture
def parallax(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Run:
    monkeypatch.setenv("PARALLAX_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setattr("service.settings.Settings.package_folders", property(lambda _: ()))

    def run(*arguments: str | Path, code: int = 0) -> str:
        got = cli.run([str(each) for each in arguments])
        shown = capfd.readouterr()
        assert got == code, shown.err
        return shown.out if not code else shown.out + shown.err

    return run


def written(path: Path, lines: list[str], *, encoding: str = "utf-8") -> Path:
    path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
    return path


def links(shown: str) -> set[tuple[tuple[int, ...], tuple[int, ...]]]:
    found = json.loads(shown)
    assert list(found) == ["links"]
    for link in found["links"]:
        assert list(link) == ["a", "b", "probability", "relation", "doubtful"]
        assert 0 <= link["probability"] <= 1
    return {(tuple(link["a"]), tuple(link["b"])) for link in found["links"]}


@needs_encoder
def test_lines_are_linked_by_their_numbers_from_0(parallax: Run, tmp_path: Path) -> None:
    a = written(tmp_path / "a", RUSSIAN, encoding="cp1251")
    b = written(tmp_path / "b", ENGLISH)
    shown = parallax("align", "--segmented", "--mode", "comparable", a, b, "--json")
    assert links(shown) == {((0,), (1,)), ((1,), (2,)), ((3,), (0,))}


@needs_encoder
def test_the_monotone_decoder_keeps_the_order(parallax: Run, tmp_path: Path) -> None:
    a = written(tmp_path / "a", RUSSIAN)
    b = written(tmp_path / "b", UKRAINIAN)
    shown = parallax("align", "--segmented", "--mode", "monotone", a, b, "--json")
    found = sorted(links(shown))
    assert {((0,), (0,)), ((1,), (1,)), ((3,), (2,))} <= set(found)
    assert [b for _, b in found] == sorted(b for _, b in found)


@needs_encoder
def test_three_files_give_pairs_of_each_two_and_groups(parallax: Run, tmp_path: Path) -> None:
    paths = [
        written(tmp_path / name, lines)
        for name, lines in (("a", RUSSIAN), ("b", UKRAINIAN), ("c", ENGLISH))
    ]
    found: dict[str, Any] = json.loads(
        parallax("align", "--segmented", "--mode", "comparable", *paths, "--json")
    )
    assert [pair["files"] for pair in found["pairs"]] == [["a", "b"], ["a", "c"], ["b", "c"]]
    groups = [{name: group.get(name) for name in "abc"} for group in found["groups"]]
    assert {"a": [0], "b": [0], "c": [1]} in groups
    assert {"a": [3], "b": [2], "c": [0]} in groups


@needs_encoder
def test_articles_are_printed_with_offsets_that_are_exact(parallax: Run, tmp_path: Path) -> None:
    text = "  " + " ".join(line for line in RUSSIAN if line) + "\n\nСпасибо.\n"
    a, b = tmp_path / "a.txt", tmp_path / "b.txt"
    a.write_text(text, encoding="utf-8")
    b.write_text(" ".join(UKRAINIAN), encoding="utf-8")
    shown = parallax("align", a, b)
    found = re.findall(r"^  ru +\d+ \[(\d+):(\d+)\]  (.+)$", shown, flags=re.MULTILINE)
    assert found
    for start, end, words in found:
        assert text[int(start) : int(end)] == words
    assert re.search(r"^\d\.\d\d  (same|broader|narrower|conflicting|denies|related)$", shown, re.M)
    assert "Without a counterpart" in shown


def test_what_the_comparison_went_without_is_told(
    parallax: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARALLAX_ENCODER", str(tmp_path))
    a, b = written(tmp_path / "a", RUSSIAN), written(tmp_path / "b", UKRAINIAN)
    assert cli.run(["align", "--segmented", str(a), str(b), "--json"]) == 0


def test_one_of_the_files_may_be_standard_input(
    parallax: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = written(tmp_path / "a", RUSSIAN), written(tmp_path / "b", UKRAINIAN)
    with a.open("rb") as file, io.TextIOWrapper(file) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        piped = parallax("align", "--segmented", "-", b, "--json")
    assert piped == parallax("align", "--segmented", a, b, "--json")


@pytest.mark.parametrize("lines", [["..."], ["", "12 345"]])
def test_a_side_without_words_gives_no_links(
    parallax: Run, tmp_path: Path, lines: list[str]
) -> None:
    a, b = written(tmp_path / "a", RUSSIAN), written(tmp_path / "b", lines)
    assert links(parallax("align", "--segmented", a, b, "--json")) == set()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG....", "this is a picture, not text"),
        ("Київ".encode() * 9 + b"\xd0\n", "broken UTF-8"),
        (b"", "the text is empty"),
    ],
)
def test_bad_input_is_told(parallax: Run, tmp_path: Path, data: bytes, said: str) -> None:
    a, b = written(tmp_path / "a.txt", RUSSIAN), tmp_path / "b.txt"
    b.write_bytes(data)
    assert f"parallax: {b}: {said}" in parallax("align", a, b, code=3)


@pytest.mark.parametrize("segmented", [[], ["--segmented"]])
@pytest.mark.parametrize("data", [b"", b"\n\n", b" \r\n"])
def test_an_empty_file_is_an_error_with_segments_as_without(
    parallax: Run, tmp_path: Path, segmented: list[str], data: bytes
) -> None:
    a, b = written(tmp_path / "a.txt", RUSSIAN), tmp_path / "b.txt"
    b.write_bytes(data)
    assert f"parallax: {b}: the text is empty." in parallax("align", *segmented, a, b, code=3)


@needs_encoder
def test_endless_sentences_are_told_to_be_too_long_and_nothing_to_be_broken(
    parallax: Run, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = "the war began today in the city and people said that they were afraid "
    a, b = (written(tmp_path / name, [words * 200]) for name in ("a", "b"))
    assert cli.run(["align", "--segmented", str(a), str(b)]) == 0
    said = capfd.readouterr().err
    assert "words of the sides are too many to be compared one by one" in said
    assert "doctor" not in said
    assert "word list" not in said


def test_files_of_numbers_say_beside_the_count_why_there_are_no_links(
    parallax: Run, tmp_path: Path
) -> None:
    a, b = written(tmp_path / "a.txt", ["12 345", "17"]), written(tmp_path / "b.txt", ["12 345"])
    for options in ([], ["--segmented"]):
        assert "0 links, nothing to compare in a.txt and b.txt" in parallax("align", *options, a, b)
    assert "nothing to compare in a.txt;" in parallax(
        "align", a, written(tmp_path / "c.txt", ENGLISH)
    )


@needs_encoder
def test_each_line_becomes_a_unit_row(parallax: Run, tmp_path: Path) -> None:
    source, target = written(tmp_path / "a", RUSSIAN), tmp_path / "a.npy"
    parallax("encode", "--lines", source, "-o", target)
    rows = np.load(target, allow_pickle=False)
    assert rows.dtype == np.float32
    assert rows.shape[0] == len(RUSSIAN)
    lengths = np.linalg.norm(rows, axis=1)
    assert lengths == pytest.approx([1, 1, 0, 1, 1], abs=1e-5)
    other = tmp_path / "b.npy"
    parallax("encode", "--lines", written(tmp_path / "b", UKRAINIAN), "-o", other)
    nearest = (rows @ np.load(other).T).argmax(axis=1)
    assert list(nearest[[0, 1, 3]]) == [0, 1, 2]


def test_encode_without_an_encoder_is_5(
    parallax: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARALLAX_ENCODER", str(tmp_path))
    source, target = written(tmp_path / "a", RUSSIAN), tmp_path / "a.npy"
    assert "There is no sentence encoder" in parallax(
        "encode", "--lines", source, "-o", target, code=5
    )
    assert not target.exists()


def test_what_is_missing_is_named_once_and_in_words(
    parallax: Run, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    a, b = written(tmp_path / "a", RUSSIAN), written(tmp_path / "b", ENGLISH)
    assert cli.run(["align", "--segmented", str(a), str(b)]) == 0
    said = capfd.readouterr().err
    assert re.match(r"parallax: Compared without [^;]*ru→en[^;]*; `parallax doctor`", said)
    assert "english" not in said


def test_a_side_without_words_is_named_and_nothing_is_said_to_be_broken(
    parallax: Run, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    a, b = written(tmp_path / "a", ["12 345.", "67,8."]), written(tmp_path / "b", ENGLISH)
    assert cli.run(["align", "--segmented", str(a), str(b), "--json"]) == 0
    out, said = capfd.readouterr()
    assert json.loads(out) == {"links": []}
    assert "a holds no words in Russian, Ukrainian or English" in said
    assert "doctor" not in said


def test_a_persons_words_go_before_the_engines_and_say_so(
    parallax: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The memory and the glossaries that `parallax translate` uses."""
    words = {"Президент": "President", "подписал": "signed", "закон": "law"}
    home = dictionary_package(tmp_path / "packages", words).parent
    monkeypatch.setattr("service.settings.Settings.package_folders", property(lambda _: (home,)))
    monkeypatch.setenv("PARALLAX_ENCODER", str(tmp_path))
    (tmp_path / "data" / "glossaries").mkdir(parents=True)
    terms = tmp_path / "data" / "glossaries" / "ru-en.tsv"
    terms.write_text("закон\tact\n", encoding="utf-8")
    a = written(tmp_path / "a", ["Президент подписал закон.", "закон.", "Президент подписал."])
    b = written(tmp_path / "b", ["The president signed an act.", "The act.", "He signed it."])
    shown = parallax("align", "--segmented", "--mode", "monotone", a, b)
    assert "machine, with glossary, ru→en: President signed law.  doubtful: term" in shown
    assert "machine ru→en: President signed." in shown
    tmx = tmp_path / "unit.tmx"
    tmx.write_text(
        '<tmx version="1.4"><header srclang="ru"/><body><tu>'
        '<tuv xml:lang="ru"><seg>Президент подписал закон.</seg></tuv>'
        '<tuv xml:lang="en"><seg>The head of state signed the act.</seg></tuv></tu></body></tmx>',
        encoding="utf-8",
    )
    parallax("memory", "import", tmx)
    shown = parallax("align", "--segmented", "--mode", "monotone", a, b)
    assert "corrected ru→en: The head of state signed the act.\n" in shown
    assert "President signed law" not in shown
