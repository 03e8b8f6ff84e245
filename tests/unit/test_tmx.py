from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from models.tmx import TmxError, TranslationUnit, read, write


def test_what_is_written_is_read_back() -> None:
    units = [
        TranslationUnit(
            {"ru": "«A & B» < C", "en": 'x "y" > z'},
            id="u&1",
            properties={"outlet": "Газета", "probability": "0.93"},
            notes=("checked",),
            author="analyst",
            created=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        ),
        TranslationUnit({"uk": "Так", "en": "Yes", "ru": "Да"}),
    ]
    stream = io.BytesIO()
    assert write(units, stream, source="ru", version="1") == 2
    stream.seek(0)
    assert list(read(stream)) == units


def test_the_file_has_the_shape_of_version_1_4() -> None:
    stream = io.BytesIO()
    write([TranslationUnit({"ru": "Да", "en": "Yes"})], stream)
    root = etree.fromstring(stream.getvalue())
    assert (root.tag, root.get("version")) == ("tmx", "1.4")
    header = root.find("header")
    assert header is not None
    needed = "creationtool creationtoolversion segtype o-tmf adminlang srclang datatype"
    assert set(needed.split()) <= set(header.keys())
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [each.get(language) for each in root.iter("tuv")] == ["ru", "en"]


def test_files_of_other_tools_are_read() -> None:
    text = """<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd">
    <tmx version="1.4"><header/><body><tu><tuv xml:lang="RU-ru"><seg>Он <bpt i="1">&lt;b&gt;</bpt>
    сказал<ept i="1"/> <hi>да</hi>.</seg></tuv><tuv lang="EN_US"><seg>He said yes.</seg></tuv></tu>
    </body></tmx>"""
    (unit,) = read(io.BytesIO(text.encode()))
    assert unit.texts["ru"].split() == ["Он", "сказал", "да."]
    assert unit.texts["en"] == "He said yes."


@pytest.mark.parametrize("text", ["", "<tmx>", "no xml", "<html/>", "<tmx><body><tu></tmx>"])
def test_what_is_no_tmx_is_told(text: str) -> None:
    with pytest.raises(TmxError):
        list(read(io.BytesIO(text.encode())))


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE tmx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><tmx><body><tu>'
    bomb += '<tuv xml:lang="ru"><seg>x&b;y</seg></tuv></tu></body></tmx>'
    (unit,) = read(io.BytesIO(bomb.encode()))
    assert "aaaa" not in unit.texts["ru"]


def test_a_file_on_disk_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    text = f'<!DOCTYPE tmx [<!ENTITY f SYSTEM "{(tmp_path / "secret").as_uri()}">]><tmx><body><tu>'
    text += '<tuv xml:lang="ru"><seg>x&f;y</seg></tuv></tu></body></tmx>'
    (unit,) = read(io.BytesIO(text.encode()))
    assert "secret" not in unit.texts["ru"]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=50))
def test_any_text_survives(text: str) -> None:
    text = text.replace("\ufffe", "").replace("\uffff", "")
    stream = io.BytesIO()
    write([TranslationUnit({"ru": text})], stream)
    stream.seek(0)
    (unit,) = read(stream)
    assert unit.texts["ru"] == text


def test_what_xml_cannot_hold_is_left_out() -> None:
    stream = io.BytesIO()
    write([TranslationUnit({"ru": "a\x00b\ud800c"})], stream)
    stream.seek(0)
    assert next(read(stream)).texts["ru"] == "abc"
