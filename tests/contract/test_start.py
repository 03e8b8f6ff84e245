"""What a server does before it is asked: little, and the networks at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from models.errors import PackageError
from service.resources import Resources
from service.starting import begin
from tests.contract.server import EchoEngine, create_app, running, settings

LATE = ("service.web.views", "sqlalchemy", "limits", "ctranslate2", "py3langid", "alignment.claims")


def test_the_server_listens_without_what_few_need_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from service.app import create_app; from service.settings import Settings; "
        f"create_app(Settings(data_folder={str(tmp_path)!r})); "
        f"print(*(name for name in {LATE!r} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_pages_are_there_when_they_are_asked_for(tmp_path: Path) -> None:
    """They answer beside the API, whose refusals stay its own."""
    app = create_app(settings(tmp_path), engine=EchoEngine())
    with running(app) as url, httpx.Client(base_url=url) as client:
        assert client.get("/translate").status_code == 405
        assert client.get("/health").json() == {"status": "ok"}
        page = client.get("/", headers={"accept": "text/html"})
        assert page.status_code == 200
        assert "<html" in page.text
        lost = client.get("/nowhere", headers={"accept": "text/html"})
        assert lost.status_code == 404
        assert "There is no such page" in lost.text
        assert client.post("/", headers={"accept": "text/html"}).status_code == 405
        assert client.get("/nowhere").json()["error"]


def test_an_engine_that_cannot_be_opened_is_told_to_whoever_needs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(_: object) -> None:
        raise PackageError("The folder cannot be read.")

    monkeypatch.setattr("service.starting.engine", broken)
    resources = Resources(settings(tmp_path), starting=begin(settings(tmp_path)))
    with pytest.raises(PackageError):
        resources.directions()
    resources.close()


def test_an_engine_that_is_being_opened_is_used_and_closed(tmp_path: Path) -> None:
    done: list[str] = []
    engine = SimpleNamespace(directions=lambda: ("ru→en",), close=lambda: done.append("closed"))
    resources = Resources(settings(tmp_path), starting=lambda: engine)  # type: ignore[arg-type, return-value]
    assert resources.directions() == ("ru→en",)
    resources.close()
    assert done == ["closed"]
