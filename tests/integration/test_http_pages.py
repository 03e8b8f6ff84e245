"""What the pages say of a stored document and of an empty store, read as text over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from service.cli import app as parallax
from service.store import events
from service.store.database import Store
from service.store.tables import EventDocumentRow
from tests.contract.server import EchoEngine, create_app, running, settings
from tests.rows import article, pair, plant


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(settings(tmp_path)) as opened:
        yield opened


@pytest.fixture
def site(tmp_path: Path, store: Store) -> Iterator[httpx.Client]:
    """A browser without JavaScript on the pages of the store."""
    with (
        running(create_app(settings(tmp_path))) as url,
        httpx.Client(base_url=url, headers={"Accept": "text/html"}) as client,
    ):
        yield client


@pytest.fixture
def doubtful(store: Store) -> str:
    """A document of one event that may belong to another."""
    with store.session(write=True) as session:
        (one,) = plant(session, [article("uk")])
        plant(session, [article("ru", 3, title="Взрывы в Одессе")], event="evt_two")
        place = events.membership(session, one.document.id)
        assert place is not None
        place.runner_up, place.runner_up_probability = "evt_two", 0.31
        return one.document.id


def placed(store: Store, document_id: str, **changes: object) -> None:
    with store.session(write=True) as session:
        row = session.get(EventDocumentRow, document_id)
        assert row is not None
        for name, value in changes.items():
            setattr(row, name, value)


def test_an_article_names_the_event_that_it_may_belong_to_instead(
    site: httpx.Client, store: Store, doubtful: str
) -> None:
    page = site.get(f"/documents/{doubtful}").text
    (line,) = [line for line in page.splitlines() if "May belong to" in line]
    assert 'href="/events/evt_two"' in line
    assert "Взрывы в Одессе" in line
    assert "0.31" in line
    placed(store, doubtful, runner_up_probability=0.01)
    assert "May belong to" not in site.get(f"/documents/{doubtful}").text
    placed(store, doubtful, runner_up_probability=0.31, assigned_by="analyst")
    assert "May belong to" not in site.get(f"/documents/{doubtful}").text


def test_one_press_moves_the_article_there(site: httpx.Client, doubtful: str) -> None:
    assert 'name="event" value="evt_two"' in site.get(f"/documents/{doubtful}").text
    site.post(f"/documents/{doubtful}/event", data={"event": "evt_two"})
    page = site.get(f"/documents/{doubtful}").text
    assert "put there by an analyst" in page
    assert 'href="/events/evt_two"' in page
    assert "May belong to" not in page


def test_show_names_the_other_event_too(
    tmp_path: Path, doubtful: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARALLAX_DATA_FOLDER", str(tmp_path))
    told = CliRunner().invoke(parallax, ["show", doubtful]).output
    assert "evt_two instead, probability 0.31" in told


def test_an_event_says_that_it_was_opened_by_an_article_and_what_that_seemed_then(
    site: httpx.Client, store: Store
) -> None:
    with store.session(write=True) as session:
        (one,) = plant(session, [article("uk")], event="evt_first")
        opened = f"evt_{one.document.id.removeprefix('doc_')}"
        events.ensure(session, opened, one.document.dated_at)
        place = events.membership(session, one.document.id)
        assert place is not None
        place.event_id = opened
        place.runner_up, place.runner_up_probability = "evt_first", 0.4
        events.refresh(session, [opened])
    page = site.get(f"/documents/{one.document.id}").text
    assert "which it opened" in page
    assert "as it seemed when it came" in page
    assert "belongs there with probability" not in page


def test_an_empty_store_says_on_every_page_what_to_do(site: httpx.Client) -> None:
    for path in ("/", "/documents", "/review", "/about"):
        assert "parallax ingest FOLDER" in site.get(path).text, path
    assert "0 pairs" not in site.get("/review").text


def test_an_event_without_claim_groups_says_why(site: httpx.Client, store: Store) -> None:
    with store.session(write=True) as session:
        plant(session, [article("uk")])
    assert "have not been compared yet" in site.get("/events/evt_one").text
    filtered = site.get("/events/evt_one", params={"outlet": "Nobody"}).text
    assert "No claim group matches this choice" in filtered
    assert '<a href="/events/evt_one">Show every claim group</a>' in filtered


def test_a_review_of_which_all_was_put_off_begins_again(site: httpx.Client, store: Store) -> None:
    with store.session(write=True) as session:
        ru, uk = plant(session, [article("ru"), article("uk")])
        row = pair(ru, uk)
        session.add(row)
    assert "A contradiction about it is" in site.get("/review").text
    put_off = site.get("/review", params={"skip": row.id}).text
    assert "Nothing is waiting" not in put_off
    assert '<a href="/review">Begin again' in put_off


def test_lists_give_the_english_of_a_headline_below_it_and_none_of_an_english_one(
    tmp_path: Path,
) -> None:
    app = create_app(settings(tmp_path), engine=EchoEngine())
    with running(app) as url, httpx.Client(base_url=url, timeout=120) as client:
        told = [
            {"title": "Взрывы в Одессе. Порт закрыт.", "text": "Ночью в Одессе были взрывы."},
            {"title": "Blasts heard in Odesa", "text": "Blasts were heard in Odesa overnight."},
            {"title": "", "text": "Уночі в Одесі лунали вибухи. Порт зачинено."},
        ]
        client.post("/v1/documents", json={"documents": told})
        page = client.get("/documents", headers={"Accept": "text/html"}).text
    original = page.index("Взрывы в Одессе. Порт закрыт.")
    english = page.index("[ru&gt;en]Взрывы в Одессе. [ru&gt;en]Порт закрыт.")
    assert original < english
    assert page.count('class="gloss"') == 1
    assert ">MT ru→en</span>" in page
