from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from models.errors import PackageError
from models.languages import Direction
from models.registry import Registry
from tests.packages import archive, random_package


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def test_an_archive_is_installed_recorded_and_removed(home: Path, tmp_path: Path) -> None:
    registry = Registry([home])
    installed = registry.install(archive(random_package(tmp_path / "made")))
    assert [each.digest for each in registry.packages()] == [installed.digest]
    (checked,) = registry.verify()
    assert (checked.digest, checked.recorded, checked.message) == (
        installed.digest,
        installed.digest,
        None,
    )
    registry.remove("ru-en")
    assert registry.packages() == ()
    assert [path.name for path in home.iterdir()] == ["installed.json"]


def test_nothing_is_recorded_of_a_package_that_was_not_installed(home: Path) -> None:
    random_package(home)
    (checked,) = Registry([home]).verify()
    assert (checked.recorded, checked.message) == (None, None)
    assert checked.digest


def test_an_unpacked_folder_is_installed(home: Path, tmp_path: Path) -> None:
    made = random_package(tmp_path / "made", generation="legacy")
    assert Registry([home]).install(made).folder.parent == home
    assert made.is_dir()


def test_the_same_package_again_is_found_there(home: Path, tmp_path: Path) -> None:
    registry = Registry([home])
    path = archive(random_package(tmp_path / "made"))
    assert registry.install(path).folder == registry.install(path).folder
    assert len(registry.packages()) == 1


def test_a_folder_of_archives_is_installed_and_the_broken_one_told(
    home: Path, tmp_path: Path
) -> None:
    made = tmp_path / "made"
    archive(random_package(made / "a"), made)
    archive(random_package(made / "b", "uk", "en"), made)
    (made / "broken.argosmodel").write_bytes(b"no")
    installed, failed = Registry([home]).install_folder(made)
    assert {str(each.direction) for each in installed} == {"ru→en", "uk→en"}
    assert [each.folder.name for each in failed] == ["broken.argosmodel"]


def test_a_package_that_fails_leaves_nothing_behind(home: Path, tmp_path: Path) -> None:
    made = random_package(tmp_path / "made")
    (made / "model" / "model.bin").write_bytes(b"not weights")
    with pytest.raises(PackageError, match="does not translate"):
        Registry([home]).install(archive(made))
    assert list(home.iterdir()) == []


def test_a_broken_package_is_reported_and_the_others_go_on(home: Path) -> None:
    random_package(home)
    broken = random_package(home, "uk", "en")
    (broken / "metadata.json").write_text("{")
    (home / "encoder").mkdir()
    (home / "shared" / "model").mkdir(parents=True)
    (home / "shared" / "sentencepiece.model").write_bytes(b"")
    registry = Registry([home])
    assert [str(each.direction) for each in registry.packages()] == ["ru→en"]
    assert [each.folder for each in registry.problems()] == [broken]


def test_a_file_changed_after_install_is_seen(home: Path, tmp_path: Path) -> None:
    registry = Registry([home])
    installed = registry.install(random_package(tmp_path / "made"))
    (installed.folder / "README.md").write_text("changed")
    (checked,) = registry.verify()
    assert checked.message is not None


def test_direct_first_else_through_english(home: Path) -> None:
    random_package(home, "ru", "en")
    legacy = random_package(home, "en", "uk", generation="legacy")
    registry = Registry([home])
    assert str(registry.route(Direction.parse("ru-uk"))) == "ru→en→uk"
    assert registry.route(Direction.parse("uk-ru")) is None
    random_package(home, "ru", "uk")
    assert str(registry.route(Direction.parse("ru-uk"))) == "ru→uk"
    shutil.rmtree(legacy)
    assert registry.route(Direction.parse("en-uk")) is None


def test_the_newest_version_is_used(home: Path) -> None:
    random_package(home / "x", "ru", "en", seed=2)
    registry = Registry([home / "x", home / "y"])
    new = random_package(home / "new", "ru", "en", seed=3)
    text = (new / "metadata.json").read_text().replace('"1.9"', '"1.10"')
    (new / "metadata.json").write_text(text)
    installed = registry.install(new)
    route = registry.route(Direction.parse("ru-en"))
    assert route is not None
    assert route.packages[0].digest == installed.digest


def test_a_shipped_package_is_not_removed(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random_package(home)
    monkeypatch.setattr(Registry, "default_folder", staticmethod(lambda: home))
    with pytest.raises(PackageError, match="ships"):
        Registry([home, tmp_path / "own"]).remove("ru-en")
    with pytest.raises(PackageError, match="not installed"):
        Registry([home, tmp_path / "own"]).remove("uk-en")
    with pytest.raises(PackageError, match="names no package"):
        Registry([home]).remove("../../etc")


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert Registry([tmp_path / "nowhere"]).packages() == ()


def test_a_package_is_fetched_from_the_index_when_asked(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    from argostranslate import package as argos

    path = archive(random_package(tmp_path / "made"))

    class Offered:
        def __init__(self, source: str, target: str, version: str) -> None:
            self.from_code, self.to_code, self.package_version = source, target, version

        def download(self) -> Path:
            if self.package_version != "1.10":
                raise OSError("no route to host")
            return path

    offered = [Offered("ru", "en", "1.9"), Offered("ru", "en", "1.10"), Offered("uk", "en", "1.9")]
    monkeypatch.setattr(argos, "update_package_index", lambda: None)
    monkeypatch.setattr(argos, "get_available_packages", lambda: offered)
    registry = Registry([home])
    assert registry.fetch(Direction.parse("ru-en")).folder.parent == home
    assert not path.exists()
    with pytest.raises(PackageError, match="could not be downloaded"):
        registry.fetch(Direction.parse("uk-en"))
    with pytest.raises(PackageError, match="offers nothing"):
        registry.fetch(Direction.parse("ru-uk"))
