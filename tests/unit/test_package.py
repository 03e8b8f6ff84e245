from __future__ import annotations

import hashlib
import json
import lzma
import stat
import zipfile
from pathlib import Path

import pytest

from models.archive import unpack
from models.errors import PackageError
from models.languages import Direction
from models.package import digest, probe, read
from tests.packages import Generation, archive, random_package


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return random_package(tmp_path / "made")


def edit(folder: Path, **changes: object) -> None:
    path = folder / "metadata.json"
    metadata = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({k: v for k, v in metadata.items() if v is not None}))


@pytest.mark.parametrize("generation", ["sentencepiece", "bpe", "legacy"])
def test_every_generation_is_read_and_translates(generation: Generation, tmp_path: Path) -> None:
    found = read(random_package(tmp_path, "uk", "en", generation=generation))
    assert found.direction == Direction.parse("uk-en")
    assert found.code == "translate-uk_en"
    assert probe(found)


def test_the_digest_is_what_the_documentation_says(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    lines = {
        path.relative_to(folder).as_posix().encode(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }
    text = b"".join(name + b"\0" + lines[name].encode() + b"\n" for name in sorted(lines))
    assert read(folder).digest == hashlib.sha256(text).hexdigest()


def test_the_digest_does_not_depend_on_the_order_of_files() -> None:
    assert digest({"a": "1", "b": "2"}) == digest({"b": "2", "a": "1"})
    assert digest({"a": "1", "b": "2"}) != digest({"a": "2", "b": "1"})


def test_a_changed_byte_changes_the_digest(folder: Path) -> None:
    before = read(folder)
    (folder / "README.md").write_text("new")
    after = read(folder)
    assert before.digest != after.digest
    assert before.network == after.network


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"from_code": "de"}, "only ru, uk and en"),
        ({"from_code": None}, "only ru, uk and en"),
        ({"type": "sbd"}, "type sbd"),
        ({"to_code": "ru"}, "to itself"),
        ({"target_prefix": 5}, "target_prefix"),
    ],
)
def test_bad_metadata_is_told(folder: Path, changes: dict[str, object], said: str) -> None:
    edit(folder, **changes)
    with pytest.raises(PackageError, match=said):
        read(folder)


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000])
def test_metadata_that_is_no_object_is_told(folder: Path, text: str) -> None:
    (folder / "metadata.json").write_text(text)
    with pytest.raises(PackageError, match=r"metadata\.json"):
        read(folder)


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("metadata.json", "no metadata"),
        ("model/model.bin", "model.bin"),
        ("sentencepiece.model", "tokenizers"),
        ("model/shared_vocabulary.json", "vocabulary"),
    ],
)
def test_a_missing_part_is_told(folder: Path, missing: str, said: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(PackageError, match=said):
        read(folder)


def test_a_link_is_refused_unless_it_stays_inside(folder: Path, tmp_path: Path) -> None:
    shared = tmp_path / "made" / "shared.model"
    (folder / "sentencepiece.model").rename(shared)
    (folder / "sentencepiece.model").symlink_to(shared)
    with pytest.raises(PackageError, match="link"):
        read(folder)
    assert read(folder, links_within=tmp_path / "made").digest
    with pytest.raises(PackageError, match="link"):
        read(folder, links_within=folder)


def test_a_linked_folder_is_summed_like_its_files(folder: Path, tmp_path: Path) -> None:
    plain = read(folder)
    (folder / "model").rename(tmp_path / "made" / "model")
    (folder / "model").symlink_to("../model")
    linked = read(folder, links_within=tmp_path / "made")
    assert (linked.digest, linked.network) == (plain.digest, plain.network)


def test_a_damaged_network_fails_its_probe(folder: Path) -> None:
    weights = folder / "model" / "model.bin"
    weights.write_bytes(weights.read_bytes()[:5000])
    with pytest.raises(PackageError, match="does not translate"):
        probe(read(folder))


def test_a_damaged_shortlist_fails_its_probe(folder: Path) -> None:
    packed = folder / "model" / "vmap.txt.xz"
    packed.write_bytes(b"damaged")
    with pytest.raises(
        PackageError, match=r"^model/vmap\.txt\.xz in .* fetch the package again\.$"
    ):
        probe(read(folder))


@pytest.mark.parametrize("name", ["vmap.txt", "vmap.txt.xz"])
def test_a_shortlist_is_part_of_the_network(folder: Path, name: str) -> None:
    before = read(folder)
    listed = b"\t</s>\n"
    content = lzma.compress(listed) if name.endswith(".xz") else listed
    (folder / "model" / name).write_bytes(content)
    after = read(folder)
    assert (before.shortlist, after.shortlist) == (False, True)
    assert before.network != after.network


def test_an_archive_is_unpacked_to_the_same_package(folder: Path, tmp_path: Path) -> None:
    into = tmp_path / "into"
    into.mkdir()
    assert read(unpack(archive(folder, tmp_path), into)).digest == read(folder).digest


def zipped(path: Path, members: dict[str, bytes], mode: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, content)
    return path


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"../evil": b""}, "leaves its folder"),
        ({"a/../../evil": b""}, "leaves its folder"),
        ({"/etc/evil": b""}, "leaves its folder"),
        ({"C:/evil": b""}, "leaves its folder"),
        ({"a\\..\\evil": b""}, "leaves its folder"),
        ({"evil": b""}, "outside its folder"),
        ({"a/x": b"", "b/x": b""}, "2 folders"),
        ({"a/x": b"", "a/X": b""}, "twice"),
        ({}, "0 folders"),
    ],
)
def test_an_unsafe_archive_is_refused_before_it_is_written(
    members: dict[str, bytes], said: str, tmp_path: Path
) -> None:
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(PackageError, match=said):
        unpack(zipped(tmp_path / "x.argosmodel", members), into)
    assert list(into.iterdir()) == []


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.argosmodel", {"a/x": b"/etc/passwd"}, stat.S_IFLNK | 0o777)
    with pytest.raises(PackageError, match="link"):
        unpack(path, tmp_path)


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.argosmodel", {"a/x": bytes(100 << 20)})
    with pytest.raises(PackageError, match="grow"):
        unpack(path, tmp_path)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 50])
def test_what_is_no_zip_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.argosmodel"
    path.write_bytes(content)
    with pytest.raises(PackageError, match="cannot be unpacked"):
        unpack(path, tmp_path)
