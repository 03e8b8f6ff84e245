"""A server with the whole sample coverage in its store, and a page that looks at it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from service.app import create_app
from tests.contract.server import running, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that holds the sample coverage."""
    folder = tmp_path_factory.mktemp("site")
    command = [str(Path(sys.executable).parent / "parallax"), "ingest", "samples/coverage"]
    environment = {**os.environ, "PARALLAX_DATA_FOLDER": str(folder)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    with running(create_app(settings(folder))) as address:
        yield address


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A fresh page; the test fails when it asks anything of another host or logs an error."""
    context = browser.new_context(base_url=site, viewport={"width": 1440, "height": 900})
    made = context.new_page()
    strangers: list[str] = []
    complaints: list[str] = []
    made.on("request", lambda r: None if r.url.startswith(site) else strangers.append(r.url))
    made.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    made.on("pageerror", lambda error: complaints.append(str(error)))
    yield made
    context.close()
    assert strangers == []
    assert complaints == []
