"""Clients that people use, unmodified, against the running server."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import deepl
import libretranslatepy
import pytest
from deep_translator import LibreTranslator
from deep_translator.exceptions import AuthorizationException

from service.access import Role, add_key
from service.store.database import Store
from tests.contract.server import EchoEngine, create_app, running, settings

RU = "Президент подписал закон."
EN = "The president signed a law."


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    app = create_app(settings(tmp_path_factory.mktemp("store")), engine=EchoEngine())
    with running(app) as url:
        yield url


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A server that asks for keys, and a key."""
    chosen = settings(tmp_path_factory.mktemp("store"), require_keys=True)
    with Store.open(chosen) as store:
        _, key = add_key(store, "a client", Role.WORK)
    with running(create_app(chosen, engine=EchoEngine())) as url:
        yield url, key


def test_libretranslatepy(url: str) -> None:
    client = libretranslatepy.LibreTranslateAPI(url)
    assert client.translate(RU, "ru", "en") == f"[ru>en]{RU}"
    assert client.translate(RU, "auto", "en") == f"[ru>en]{RU}"
    assert client.detect(RU)[0]["language"] == "ru"
    assert {each["code"] for each in client.languages()} == {"en", "ru", "uk"}


def test_libretranslatepy_with_a_key(locked: tuple[str, str]) -> None:
    url, key = locked
    client = libretranslatepy.LibreTranslateAPI(url, api_key=key)
    assert client.translate(RU, "ru", "en") == f"[ru>en]{RU}"


def test_deep_translator(url: str) -> None:
    client = LibreTranslator(source="ru", target="en", api_key="x", custom_url=f"{url}/")
    assert client.translate(RU) == f"[ru>en]{RU}"
    assert client.translate_batch([RU, "Да."]) == [f"[ru>en]{RU}", "[ru>en]Да."]
    long = "Президент подписал закон. " * 150
    assert client.translate(long).count("[ru>en]") == 150


def test_deep_translator_is_told_that_its_key_is_wrong(locked: tuple[str, str]) -> None:
    url, key = locked
    client = LibreTranslator(source="ru", target="en", api_key="x", custom_url=f"{url}/")
    with pytest.raises(AuthorizationException):
        client.translate(RU)
    client = LibreTranslator(source="ru", target="en", api_key=key, custom_url=f"{url}/")
    assert client.translate(RU) == f"[ru>en]{RU}"


def test_deepl(url: str) -> None:
    client = deepl.DeepLClient("any key", server_url=url, send_platform_info=False)
    one = client.translate_text(RU, target_lang="EN-GB")
    assert isinstance(one, deepl.TextResult)
    assert (one.text, one.detected_source_lang, one.billed_characters) == (
        f"[ru>en]{RU}",
        "RU",
        len(RU),
    )
    two = client.translate_text([RU, "Київ і Львів їдуть"], target_lang="EN-US")
    assert isinstance(two, list)
    assert [each.detected_source_lang for each in two] == ["RU", "UK"]
    named = client.translate_text(EN, source_lang="EN", target_lang="RU", formality="more")
    assert isinstance(named, deepl.TextResult)
    assert named.text == f"[en>ru]{EN}"
    assert {each.code for each in client.get_source_languages()} == {"EN", "RU", "UK"}
    assert {each.code for each in client.get_target_languages()} == {"EN-GB", "EN-US", "RU"}


def test_deepl_xml(url: str) -> None:
    """Tags are read as XML, and the client's lists of them are heard."""
    client = deepl.DeepLClient("any key", server_url=url)

    def asked(text: str, **options: Any) -> str:
        found = client.translate_text(
            text, source_lang="RU", target_lang="EN-GB", tag_handling="xml", **options
        )
        assert isinstance(found, deepl.TextResult)
        return found.text

    assert asked("<Title>Раз &amp; два</Title>") == "<Title>[ru&gt;en]Раз &amp; два</Title>"
    two = "<d><p>Раз</p> <p>Два</p></d>"
    assert asked(two).count("ru&gt;en]") == 2
    assert asked(two, outline_detection=False).count("ru&gt;en]") == 1
    assert asked(two, non_splitting_tags="p,q").count("ru&gt;en]") == 1
    assert asked(two, outline_detection=False, splitting_tags=["p"]).count("ru&gt;en]") == 2
    assert "<x>Москва</x>" in asked("<d>Это <x>Москва</x> тут</d>", ignore_tags=["x"])
    section = "<d><![CDATA[{}]]></d>"
    assert asked(section.format("Раз & два")) == section.format("[ru>en]Раз & два")
    assert asked(section.format("Раз &amp; два")) == section.format("[ru&gt;en]Раз &amp; два")
    with pytest.raises(deepl.DeepLException, match="Tag handling parsing failed"):
        asked("<d>Раз")


def test_deepl_is_told_what_is_wrong(url: str, locked: tuple[str, str]) -> None:
    client = deepl.DeepLClient("any key", server_url=url)
    with pytest.raises(deepl.DeepLException, match="Value for 'target_lang' not supported"):
        client.translate_text(RU, target_lang="DE")
    address, key = locked
    with pytest.raises(deepl.AuthorizationException):
        deepl.DeepLClient("wrong", server_url=address).translate_text(RU, target_lang="EN-GB")
    good = deepl.DeepLClient(key, server_url=address).translate_text(RU, target_lang="EN-GB")
    assert isinstance(good, deepl.TextResult)


@pytest.fixture(scope="session")
def packages(pytestconfig: pytest.Config) -> Path:
    """A folder with the npm clients, installed once and kept in pytest's cache."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("Node and npm are not installed")
    assert pytestconfig.cache is not None
    folder = Path(pytestconfig.cache.mkdir("npm-clients"))
    wanted = ["translate@3.1.0", "libretranslate-ts@0.5.12"]
    if not (folder / "node_modules" / "libretranslate-ts" / "dist").is_dir():
        (folder / "package.json").write_text('{"private": true, "type": "module"}')
        command = [npm, "install", "--no-audit", "--no-fund", "--silent", *wanted]
        try:
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
            )
        except subprocess.TimeoutExpired:
            pytest.skip("npm could not fetch the clients in two minutes")
        if done.returncode:
            pytest.skip("npm could not fetch the clients: " + done.stderr.strip()[-200:])
    return folder


def node(folder: Path, script: str) -> object:
    """What a script prints as JSON."""
    program = shutil.which("node")
    assert program is not None
    done = subprocess.run(
        [program, "--input-type=module", "-e", script],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_npm_translate(packages: Path, url: str) -> None:
    script = f"""
        import translate from "translate";
        translate.engine = "libre";
        translate.url = "{url}/translate";
        const good = await translate("{RU}", {{from: "ru", to: "en"}});
        let bad = "";
        const wrong = translate("{RU}", {{from: "de", to: "en"}});
        try {{ await wrong; }} catch (e) {{ bad = e.message; }}
        console.log(JSON.stringify([good, bad]));
    """
    assert node(packages, script) == [f"[ru>en]{RU}", "de is not supported"]


def test_npm_libretranslate_ts(packages: Path, url: str) -> None:
    script = f"""
        import {{ libreTranslate }} from "libretranslate-ts";
        libreTranslate.setApiEndpoint("{url}");
        const languages = await libreTranslate.listLanguages();
        const found = await libreTranslate.detect("{RU}");
        const good = await libreTranslate.translate("{RU}", "ru", "en", 2);
        const bad = await libreTranslate.translate("{RU}", "xx", "en");
        console.log(JSON.stringify([languages.length, found.language, good.translatedText,
            good.alternatives.length, bad.error]));
    """
    assert node(packages, script) == [3, "ru", f"[ru>en]{RU}", 2, "xx is not supported"]
