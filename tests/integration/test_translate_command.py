"""`parallax translate` and `parallax models`, on tiny packages that translate by dictionary."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from models import shipped
from service import cli
from tests.packages import archive, dictionary_package, random_package

Run = Callable[..., str]

WORDS = {
    ("ru", "en"): {"Президент": "President", "подписал": "signed", "закон": "law"},
    ("uk", "en"): {"Президент": "President", "підписав": "signed", "закон": "law", "це": "it"},
}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder of each package by its source language."""
    home = tmp_path_factory.mktemp("packages")
    return {
        source: dictionary_package(home / source, words, source, target)
        for (source, target), words in WORDS.items()
    }


@pytest.fixture(scope="module")
def packages(unpacked: dict[str, Path]) -> list[Path]:
    return [archive(folder) for folder in unpacked.values()]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let packages lie in these folders only, none of those that ship with Parallax."""

    def use(*folders: Path) -> None:
        monkeypatch.setattr(
            "service.settings.Settings.package_folders",
            property(lambda settings: (*folders, settings.installed_packages)),
        )

    use()
    return use


@pytest.fixture
def parallax(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    use: Callable[..., None],
) -> Run:
    monkeypatch.setenv("PARALLAX_DATA_FOLDER", str(tmp_path / "data"))

    def run(*arguments: str | Path, code: int = 0) -> str:
        got = cli.run([str(each) for each in arguments])
        shown = capfd.readouterr()
        assert got == code, shown.err
        return shown.out if not code else shown.out + shown.err

    return run


@pytest.fixture
def installed(parallax: Run, use: Callable[..., None], unpacked: dict[str, Path]) -> Run:
    use(*(folder.parent for folder in unpacked.values()))
    return parallax


def test_whitespace_and_line_breaks_come_out_as_they_went_in(
    installed: Run, tmp_path: Path
) -> None:
    path = tmp_path / "in.txt"
    path.write_bytes("\n  Президент подписал закон.\r\n\r\n\tЗакон — закон.  \n\n".encode())
    out = tmp_path / "out.txt"
    installed("translate", path, "--from", "ru", "--to", "en", "-o", out)
    assert out.read_bytes().decode() == ("\n  President signed law.\r\n\r\n\tЗакон — law.  \n\n")


def test_each_sentence_is_translated_from_its_own_language(installed: Run, tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    path.write_text(
        "Президент подписал закон, это было вчера. Президент підписав закон, і це було вчора. "
        "The president signed it yesterday.",
        encoding="utf-8",
    )
    (document,) = json.loads(installed("translate", path, "--json"))
    assert [each["route"] for each in document["segments"]] == ["ru→en", "uk→en", None]
    assert [each["language"] for each in document["segments"]] == ["ru", "uk", "en"]
    assert document["text"].endswith("The president signed it yesterday.")
    for each in document["segments"]:
        assert path.read_text(encoding="utf-8")[each["start"] : each["end"]] == each["text"]
    assert len(document["segments"][0]["packages"][0]) == 64


def test_lines_give_exactly_as_many_lines(installed: Run, tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    lines = ["Президент подписал закон. Закон.", "", "   ", "закон\u2028закон", "12", "закон\r"]
    for end in ("", "\n"):
        path.write_bytes(("\n".join(lines) + end).encode())
        out = installed("translate", path, "--lines", "--from", "ru")
        assert out.count("\n") == len(lines) - 1 + len(end)
        translated = out.split("\n")
        assert translated[0].startswith("President signed law.")
        assert translated[1:3] == ["", "   "]
        assert translated[4] == "12"
        assert translated[5] == "law\r"


def test_a_folder_goes_into_a_folder_and_what_is_broken_keeps_nothing_back(
    installed: Run, tmp_path: Path
) -> None:
    coverage, out = tmp_path / "coverage", tmp_path / "coverage" / "en"
    for day in ("1", "2"):
        (coverage / day).mkdir(parents=True)
        (coverage / day / "note.txt").write_text(f"{day} закон", encoding="utf-8")
    (coverage / "broken.docx").write_bytes(b"no archive")
    (coverage / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (coverage / "rows.csv").write_text("закон", encoding="utf-8")
    out.mkdir()
    for _ in range(2):  # again: what was made is not translated itself
        told = installed("translate", coverage, "--from", "ru", "-o", out, code=3)
        made = {each.relative_to(out): each.read_text() for each in out.rglob("*.*")}
        assert made == {Path("1/note.txt"): "1 law", Path("2/note.txt"): "2 law"}
        assert "broken.docx: The file is broken" in told
        assert "binary.txt: this is a binary file" in told
        assert "1 .csv" in told


def test_a_link_out_of_a_folder_is_not_translated_and_said(installed: Run, tmp_path: Path) -> None:
    (tmp_path / "private.txt").write_text("закон", encoding="utf-8")
    coverage, out = tmp_path / "coverage", tmp_path / "out"
    coverage.mkdir()
    out.mkdir()
    (coverage / "a.txt").write_text("закон", encoding="utf-8")
    (coverage / "b.txt").symlink_to(tmp_path / "private.txt")
    told = installed("translate", coverage, "--from", "ru", "-o", out, code=3)
    assert [each.name for each in out.iterdir()] == ["a.txt"]
    assert "b.txt: is a link that leads out of the folder" in told


def test_no_translation_overwrites_another_or_its_own_source(
    installed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b").mkdir()
    here, there = tmp_path / "note.txt", tmp_path / "b" / "note.txt"
    for path in (here, there):
        path.write_text("закон", encoding="utf-8")
    (tmp_path / "out").mkdir()
    assert "would both be" in installed("translate", here, there, "-o", tmp_path / "out", code=3)
    assert not list((tmp_path / "out").iterdir())
    other = tmp_path / "other.txt"
    other.write_text("закон", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    told = installed("translate", "note.txt", other, "-o", ".", code=3)
    assert "would overwrite" in told
    assert here.read_text(encoding="utf-8") == "закон"


def test_rows_are_not_translated_as_if_they_were_sentences(installed: Run, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('title,text\nзакон,"закон, закон"\n', encoding="utf-8")
    assert "parallax ingest" in installed("translate", path, code=3)


def test_an_old_encoding_and_standard_input(
    installed: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "in.txt"
    path.write_bytes("Президент подписал закон. Это было вчера вечером.".encode("koi8-r"))
    with path.open("rb") as file, io.TextIOWrapper(file) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert installed("translate", "-").startswith("President signed law.")


def test_no_package_is_5_and_says_what_to_do(installed: Run, tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    path.write_text("Президент подписал закон.", encoding="utf-8")
    said = installed("translate", path, "--to", "uk", code=5)
    assert "No installed package translates ru→uk" in said
    assert "parallax models install" in said


def test_what_has_no_package_stays_and_the_rest_is_translated(
    parallax: Run, use: Callable[..., None], unpacked: dict[str, Path], tmp_path: Path
) -> None:
    use(unpacked["ru"].parent)
    path = tmp_path / "in.txt"
    path.write_text(
        "Президент подписал закон, это было вчера.\nПрезидент підписав закон, і це було вчора.\n",
        encoding="utf-8",
    )
    said = parallax("translate", path, "--lines", code=5)
    assert "President signed law" in said
    assert "Президент підписав закон" in said
    assert "1 sentence in Ukrainian stayed as before, since no package translates uk→en" in said


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"%PDF-1.4", "this is a PDF, not text"), ("закон".encode() + b"\xd0", "broken UTF-8")],
)
def test_bad_input_is_told(parallax: Run, tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "in.txt"
    path.write_bytes(data)
    assert f"parallax: {path}: {said}" in parallax("translate", path, code=3)


def test_several_files_go_to_a_folder(installed: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in paths:
        path.write_text("Президент подписал закон, это было вчера.", encoding="utf-8")
    assert "is no folder" in installed("translate", *paths, "-o", out, code=2)
    out.mkdir()
    installed("translate", *paths, "-o", out)
    assert sorted(each.name for each in out.iterdir()) == ["a.txt", "b.txt"]


def test_packages_are_installed_shown_verified_and_removed(
    parallax: Run, packages: list[Path], tmp_path: Path
) -> None:
    assert json.loads(parallax("models", "list", "--json"))["packages"] == []
    made = json.loads(parallax("models", "install", packages[0], "--json"))["installed"]
    assert [each["direction"] for each in made] == ["ru→en"]
    again = json.loads(parallax("models", "install", packages[0], "--json"))["installed"]
    assert again[0]["sha256"] == made[0]["sha256"]
    assert made[0]["sha256"] in parallax("models", "show", "ru-en")
    assert "ok  translate-ru_en" in parallax("models", "verify")
    weights = Path(made[0]["folder"]) / "model" / "model.bin"
    weights.write_bytes(weights.read_bytes()[:-9] + b"\0" * 9)
    assert "translate-ru_en 2.0: " in parallax("models", "verify", code=5)
    parallax("models", "remove", "ru-en")
    assert "ru-en is not installed" in parallax("models", "remove", "ru-en", code=5)


def test_a_package_that_another_goes_before_is_told_of(
    parallax: Run,
    use: Callable[..., None],
    packages: list[Path],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    home = tmp_path / "shipped"
    metadata = random_package(home) / "metadata.json"
    newer = json.loads(metadata.read_text(encoding="utf-8")) | {"package_version": "9.1"}
    metadata.write_text(json.dumps(newer), encoding="utf-8")
    use(home)
    assert cli.run(["models", "install", str(packages[0])]) == 0
    assert "still translated by translate-ru_en 9.1" in capfd.readouterr().err


def test_a_broken_package_is_told_and_the_others_are_installed(
    parallax: Run, packages: list[Path], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.argosmodel"
    broken.write_bytes(packages[0].read_bytes()[:4000])
    said = parallax("models", "install", broken, packages[1], code=5)
    assert "uk→en" in said
    assert "broken" in said
    assert "Traceback" not in said


def test_the_model_card_is_shown(parallax: Run, use: Callable[..., None], tmp_path: Path) -> None:
    assert "There is no model card" in parallax("models", "show", code=5)
    home = tmp_path / "shipped"
    random_package(home)
    (home / "CARD.md").write_text("# Starter packages\n\nTrained on…\n", encoding="utf-8")
    use(home)
    assert "Starter packages" in parallax("models", "show")


def test_a_shipped_package_that_was_changed_is_told(
    parallax: Run, use: Callable[..., None], tmp_path: Path
) -> None:
    home = tmp_path / "shipped"
    changed = random_package(home)
    shipped.write(home)
    use(home)
    assert "nothing was recorded" not in parallax("models", "verify")
    (changed / "README.md").write_text("changed", encoding="utf-8")
    said = parallax("models", "verify", code=5)
    assert "its files are not the ones that were recorded; restore its files" in said
    found = {
        each["part"]: each for each in json.loads(_first(parallax("doctor", "--json", code=5)))
    }
    assert found["package ru→en"]["state"] == "broken"
    assert "was changed" in found["package ru→en"]["detail"]


def test_doctor_says_what_is_missing_and_what_mends_it(installed: Run) -> None:
    found = {
        each["part"]: each for each in json.loads(_first(installed("doctor", "--json", code=5)))
    }
    assert found["package ru→en"]["state"] == "ok"
    assert found["package ru→uk"]["state"] == "missing"
    assert found["package ru→uk"]["mend"].startswith("parallax models install ")
    assert found["store"]["state"] == "ok"
    assert found["word lists"]["state"] == "ok"
    assert "PARALLAX_DOCUMENT_CHARACTERS=500000" in installed("doctor", "--settings")


def _first(shown: str) -> str:
    return shown[: shown.rindex("]") + 1]


def test_a_page_comes_out_as_a_page(installed: Run, tmp_path: Path) -> None:
    path = tmp_path / "in.html"
    path.write_text(
        '<p class="x">Президент <b>подписал</b> закон.</p><script>var закон;</script>',
        encoding="utf-8",
    )
    assert installed("translate", path, "--from", "ru") == (
        '<p class="x">President <b>signed</b> law.</p><script>var закон;</script>'
    )


def test_an_office_document_needs_a_place_and_a_broken_one_is_told(
    installed: Run, tmp_path: Path
) -> None:
    import docx

    path, out = tmp_path / "in.docx", tmp_path / "out.docx"
    document = docx.Document()
    document.add_paragraph("Президент подписал закон.")
    document.save(str(path))
    assert "say with -o" in installed("translate", path, code=2)
    installed("translate", path, "--from", "ru", "-o", out)
    assert [each.text for each in docx.Document(str(out)).paragraphs] == ["President signed law."]
    path.write_bytes(path.read_bytes()[:500])
    assert f"parallax: {path}: " in installed("translate", path, "-o", out, code=3)
    assert docx.Document(str(out)).paragraphs  # what was there is still there


def test_a_persons_words_go_first_and_a_glossary_marks_the_rest(
    installed: Run, tmp_path: Path
) -> None:
    """The same memory and glossaries that the server uses, in texts and in documents."""
    (tmp_path / "in.txt").write_text(
        "закон подписал Президент.\n\nПрезидент подписал закон.\n\nзакон."
    )
    (tmp_path / "in.html").write_text("<p>Президент подписал закон.</p><p>закон.</p>")
    glossaries = tmp_path / "data" / "glossaries"
    glossaries.mkdir(parents=True)
    (glossaries / "ru-en.tsv").write_text("президент\thead of state\n", encoding="utf-8")
    tmx = tmp_path / "unit.tmx"
    tmx.write_text(
        '<tmx version="1.4"><header srclang="ru"/><body><tu>'
        '<tuv xml:lang="ru"><seg>Президент подписал  закон.</seg></tuv>'
        '<tuv xml:lang="en"><seg>It is law &amp; signed.</seg></tuv></tu></body></tmx>',
        encoding="utf-8",
    )
    installed("memory", "import", tmx)
    (found,) = json.loads(installed("translate", tmp_path / "in.txt", "--from", "ru", "--json"))
    told = [(each["translation"], each["origin"]) for each in found["segments"]]
    assert told[0][1] == "glossary"
    assert told[1:] == [("It is law & signed.", "memory"), ("law.", "engine")]
    assert "term" in found["segments"][0]["flags"]
    assert found["segments"][1]["packages"] == []
    page = installed("translate", tmp_path / "in.html", "--from", "ru")
    assert page == "<p>It is law &amp; signed.</p><p>law.</p>"


def test_translating_makes_no_store(installed: Run, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("закон.")
    assert installed("translate", tmp_path / "in.txt", "--from", "ru") == "law."
    assert not (tmp_path / "data" / "parallax.sqlite3").exists()


def test_a_glossary_that_cannot_be_read_is_told(installed: Run, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("Закон.")
    glossaries = tmp_path / "data" / "glossaries"
    glossaries.mkdir(parents=True)
    (glossaries / "ru-en.tsv").write_text("без перевода\n", encoding="utf-8")
    (tmp_path / "none.txt").write_text("")
    got = installed("translate", tmp_path / "in.txt", "--from", "ru", "--to", "uk", code=5)
    assert "ru-en.tsv" in got
