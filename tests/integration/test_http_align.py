"""`/v1/align` under what people laid down: their own translations, and terms of glossaries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from tests.contract.server import EchoEngine, create_app, running, settings

RUSSIAN = ["Пленных обменяли в среду утром.", "Переговоры шли всю ночь.", "Он пришёл домой."]
ENGLISH = ["The prisoners were swapped on Wednesday morning.", "The talks went on all night."]
ASKED = {"texts": [{"segments": RUSSIAN}, {"segments": ENGLISH}], "mode": "comparable"}


def told(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (each["translation"]["text"], each["translation"]["origin"])
        for each in answer["texts"][0]["segments"]
    ]


def test_a_persons_words_are_what_is_compared_and_shown(tmp_path: Path) -> None:
    (tmp_path / "glossaries").mkdir()
    (tmp_path / "glossaries" / "ru-en.tsv").write_text("переговоры\ttalks\n", encoding="utf-8")
    with (
        running(create_app(settings(tmp_path, encoder=tmp_path), engine=EchoEngine())) as url,
        httpx.Client(base_url=url) as client,
    ):
        before = client.post("/v1/align", json=ASKED).json()
        assert told(before) == [
            (f"[ru>en]{RUSSIAN[0]}", "engine"),
            (f"[ru>en]{RUSSIAN[1]}", "glossary"),
            (f"[ru>en]{RUSSIAN[2]}", "engine"),
        ]
        assert "term" in before["texts"][0]["segments"][1]["translation"]["flags"]
        assert [each["translation"] for each in before["texts"][1]["segments"]] == [None, None]
        unit = {"source": RUSSIAN[0], "target": ENGLISH[0]}
        languages = {"source_language": "ru", "target_language": "en"}
        assert client.post("/v1/memory", json={**unit, **languages}).status_code == 201
        after = client.post("/v1/align", json=ASKED).json()
        assert told(after)[0] == (ENGLISH[0], "memory")
        assert after["texts"][0]["segments"][0]["translation"]["packages"] == []
        assert told(after)[1:] == told(before)[1:]


def test_a_persons_words_count_where_no_package_translates(tmp_path: Path) -> None:
    app = create_app(settings(tmp_path, encoder=tmp_path), engine=EchoEngine(routes=["uk→en"]))
    with running(app) as url, httpx.Client(base_url=url) as client:
        sides = [{"segments": RUSSIAN[:1]}, {"segments": ENGLISH[:1]}]
        for number, missing in enumerate((["encoder", "ru→en"], ["encoder"])):
            answer = client.post("/v1/align", json={"texts": sides, "mode": "monotone"}).json()
            (found,) = answer["comparisons"]
            assert [each for each in found["missing"] if each in ("encoder", "ru→en")] == missing
            sent = {"q": RUSSIAN[0], "source": "ru", "target": "en"}
            translated = client.post("/translate", json=sent)
            if number == 0:
                assert translated.status_code == 400
                unit = {"s": ENGLISH[0], **sent}
                assert client.post("/suggest", json=unit).json() == {"success": True}
            else:
                assert translated.json()["translatedText"] == ENGLISH[0]
