"""`parallax ingest` and what shows its result, on a real store."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from service import cli

ROOT = Path(__file__).resolve().parents[2]
PARALLAX = (sys.executable, "-c", "from service.cli import main; main()")
ARTICLE = {
    "text": "Уночі в Харкові пролунали вибухи. Мер повідомив про трьох постраждалих.",
    "title": "Вибухи в Харкові",
    "outlet": "Вимір",
    "url": "https://vymir.example/1",
    "published_at": "2026-01-29T06:45:00+02:00",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    data = tmp_path / "data"
    monkeypatch.setenv("PARALLAX_DATA_FOLDER", str(data))
    return data


class Shell:
    """Runs commands in this process and reads what they print."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self.capfd = capfd
        self.said = ""

    def __call__(self, *arguments: str | Path, code: int = 0) -> str:
        got = cli.run([str(each) for each in arguments])
        shown = self.capfd.readouterr()
        self.said = shown.err
        assert got == code, shown.err
        return shown.out

    def data(self, *arguments: str | Path, code: int = 0) -> Any:
        return json.loads(self(*arguments, "--json", code=code))


@pytest.fixture
def parallax(capfd: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capfd)


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def test_ids_are_printed_and_lead_to_document_and_event(tmp_path: Path, parallax: Shell) -> None:
    (made,) = parallax.data("ingest", lines(tmp_path / "a.jsonl", ARTICLE))["documents"]
    assert made["status"] == "stored"
    document = parallax.data("show", made["id"])
    assert (document["title"], document["outlet"], document["url"], document["language"]) == (
        ARTICLE["title"],
        ARTICLE["outlet"],
        ARTICLE["url"],
        "uk",
    )
    assert document["published_at"] == "2026-01-29T04:45:00Z"
    for segment in document["segments"]:
        assert document["text"][segment["start"] : segment["end"]] == segment["text"]
    event = parallax.data("show", made["event_id"])
    assert [each["id"] for each in event["coverage"]] == [made["id"]]
    assert [each["id"] for each in parallax.data("events")] == [made["event_id"]]
    for kind in (made["id"], made["event_id"]):
        assert "Вибухи в Харкові" in parallax("show", kind)


def test_the_same_article_is_stored_once_and_a_changed_one_is_a_version(
    tmp_path: Path, parallax: Shell
) -> None:
    path = lines(tmp_path / "a.jsonl", ARTICLE)
    first = parallax.data("ingest", path)["documents"][0]
    again = parallax.data("ingest", path)["documents"][0]
    assert (again["status"], again["id"]) == ("known", first["id"])
    changed = {**ARTICLE, "text": ARTICLE["text"].replace("трьох", "п'ятьох")}
    second = parallax.data("ingest", lines(path, changed))["documents"][0]
    assert second["status"] == "changed"
    assert parallax.data("show", second["id"])["versions"] == [first["id"], second["id"]]


def test_one_bad_line_is_told_and_the_others_go_in(tmp_path: Path, parallax: Shell) -> None:
    path = tmp_path / "a.jsonl"
    bad = b'{"text": "broken'
    path.write_bytes(b"\n".join([json.dumps(ARTICLE).encode(), bad, b'{"text": "The end came."}']))
    made = parallax.data("ingest", path, code=3)
    assert made["counts"] == {"stored": 2, "refused": 1}
    assert f"{path}:2: not JSON: " in parallax.said
    assert "Traceback" not in parallax.said


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"", "the file is empty"),
        ("a.txt", bytes(range(256)), "this is a binary file, not text"),
        ("a.txt", "Київ".encode() + b"\xd0\xff", "broken UTF-8 at byte 8 (line 1)"),
        ("a.txt", b"word " * 4_000_000, "PARALLAX_DOCUMENT_CHARACTERS"),
        ("a.txt", b"word " * 200_000, "1,000,000 characters"),
        ("a.csv", b"id,words\n1,two\n", "no column holds the text; the columns are id, words"),
        ("a.jsonl", b'{"text": "Il a dit oui.", "language": "fr"}', "the language 'fr'"),
    ],
)
def test_bad_input_is_told_in_a_sentence_that_names_it(
    tmp_path: Path, parallax: Shell, name: str, data: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    parallax("ingest", path, code=3)
    assert parallax.said.startswith(f"parallax: {path}")
    assert said in parallax.said
    assert parallax.data("events") == []


@pytest.mark.parametrize(
    ("date", "said"), [("2099-01-01", "lies in the future"), ("the other day", "is no date")]
)
def test_a_date_that_cannot_be_is_told_and_the_article_kept(
    tmp_path: Path, parallax: Shell, date: str, said: str
) -> None:
    path = lines(tmp_path / "a.jsonl", {**ARTICLE, "published_at": date})
    (made,) = parallax.data("ingest", path, code=3)["documents"]
    assert said in parallax.said
    assert parallax.data("show", made["id"])["published_at"] is None


def test_a_language_that_is_none_of_the_three_is_kept_with_a_note(
    tmp_path: Path, parallax: Shell
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("日本の首相が会談した。", encoding="utf-8")
    (made,) = parallax.data("ingest", path)["documents"]
    assert made["language"] is None
    assert any("none of Russian, Ukrainian and English" in note for note in made["notes"])


def test_an_old_archive_is_read_with_mapped_names(tmp_path: Path, parallax: Shell) -> None:
    path = tmp_path / "old.csv"
    table = "Заголовок;Стаття\nВибухи;Уночі в Харкові пролунали вибухи, сказав мер.\n"
    path.write_bytes(table.encode("cp1251"))
    mapping = "text=Стаття,title=Заголовок"
    (made,) = parallax.data("ingest", path, "--map", mapping, "--outlet", "Архів")["documents"]
    document = parallax.data("show", made["id"])
    assert (document["title"], document["outlet"]) == ("Вибухи", "Архів")
    assert document["text"].endswith("Уночі в Харкові пролунали вибухи, сказав мер.")


def test_nothing_to_read_is_an_error(tmp_path: Path, parallax: Shell) -> None:
    parallax("ingest", tmp_path / "nowhere", code=3)
    assert "There is no file or folder" in parallax.said
    (tmp_path / "empty").mkdir()
    parallax("ingest", tmp_path / "empty", code=3)
    assert "is empty; give one with articles in it" in parallax.said
    parallax("ingest", tmp_path, "--map", "words=x", code=3)
    assert "the fields are text, title" in parallax.said


@pytest.mark.parametrize("kind", ["doc_aaaaaaaaaaaaaaaa", "evt_a", "grp_a", "pair_a", "what"])
def test_an_id_that_is_not_there_is_4(parallax: Shell, kind: str) -> None:
    assert parallax("show", kind, code=4) == ""
    assert "list what there is and try again" in parallax.said


def _limited() -> None:
    """No file may grow beyond a megabyte: what a full disk does, without filling one."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


def _run(folder: Path, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PARALLAX, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PARALLAX_DATA_FOLDER": str(folder), "PARALLAX_BATCH_ARTICLES": "2"},
        **options,
    )


def test_a_full_disk_is_told_and_what_was_stored_stays(folder: Path, tmp_path: Path) -> None:
    count = 40
    rows = [
        {
            "text": f"Note {n}. " + f"The talks of day {n} went on. " * 20,
            "url": f"https://a.example/{n}",
        }
        for n in range(count)
    ]
    path = lines(tmp_path / "a.jsonl", *rows)
    full = _run(folder, "ingest", str(path), preexec_fn=_limited)
    assert full.returncode == 6, full.stderr
    assert "The disk of the store is full; free some space" in full.stderr
    assert "now in the store" in full.stderr
    assert "Traceback" not in full.stderr
    again = _run(folder, "ingest", str(path), "--no-align", "--json")
    assert again.returncode == 0, again.stderr
    counts = json.loads(again.stdout)["counts"]
    assert counts["known"] > 0
    assert counts["known"] + counts["stored"] == count


def test_an_interrupted_run_says_so_and_goes_on_where_it_stopped(
    folder: Path, tmp_path: Path
) -> None:
    count = 300  # enough that the run is not over before a busy machine passes the signal on
    rows = [
        {"text": f"Note {n}. The talks went on.", "url": f"https://a.example/{n}"}
        for n in range(count)
    ]
    # The oldest is stored first, and has a note that is told when it is.
    rows[-1] |= {"published_at": "2020-01-01", "language": "ua"}
    path = lines(tmp_path / "a.jsonl", *rows)
    with subprocess.Popen(
        [*PARALLAX, "ingest", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PARALLAX_DATA_FOLDER": str(folder), "PARALLAX_BATCH_ARTICLES": "1"},
        # A test run in the background of a shell is told to ignore it, and its children with it.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stderr is not None
        assert "ua is a country" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert process.returncode == 130, said
    assert "now in the store" in said
    assert "the same command can be run again" in said
    assert "Traceback" not in said
    again = _run(folder, "ingest", str(path), "--no-align", "--json")
    counts = json.loads(again.stdout)["counts"]
    assert counts["known"] > 0
    assert counts["known"] + counts["stored"] == count
