"""API keys: what opens what."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from service.access import Access, Role, add_key, list_keys, revoke_key, token_of
from service.errors import BadInput, NotFound, Unauthorised
from service.store.database import Store
from tests.contract.server import EchoEngine, create_app, running, settings


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(settings(tmp_path)) as store:
        yield store


def test_a_key_is_shown_once_and_only_its_hash_is_kept(store: Store) -> None:
    key, whole = add_key(store, "  an  analyst ", Role.WORK)
    assert whole.startswith(f"plx_{key.id}_")
    assert key.name == "an analyst"
    secret = whole.rpartition("_")[2]
    with store.session() as session:
        rows = session.execute(sa.text("SELECT * FROM api_key")).all()
    assert len(rows) == 1
    assert secret not in str(rows)
    assert list_keys(store) == [key]


def test_a_key_opens_until_it_is_revoked(store: Store) -> None:
    key, whole = add_key(store, "an analyst", Role.READ)
    access = Access(lambda: store, require_keys=True)
    caller = access.caller(whole, "127.0.0.1")
    assert (caller.key, caller.role, caller.group) == (key, Role.READ, f"key:{key.id}")
    revoke_key(store, key.id)
    with pytest.raises(Unauthorised):
        Access(lambda: store, require_keys=True).caller(whole, "127.0.0.1")
    with pytest.raises(NotFound):
        revoke_key(store, "nobody")


@pytest.mark.parametrize(
    "token", [None, "", "x", "plx_", "plx_abc_def", "plx_aaaaaaaa_" + "a" * 43, "plx_é_" + "a" * 43]
)
def test_nothing_else_opens(store: Store, token: str | None) -> None:
    add_key(store, "an analyst", Role.READ)
    with pytest.raises(Unauthorised):
        Access(lambda: store, require_keys=True).caller(token, "127.0.0.1")


def test_the_secret_of_one_key_does_not_open_as_another(store: Store) -> None:
    one, _ = add_key(store, "one", Role.READ)
    _, other = add_key(store, "other", Role.ADMINISTER)
    forged = f"plx_{one.id}_{other.split('_', 2)[2]}"
    with pytest.raises(Unauthorised):
        Access(lambda: store, require_keys=True).caller(forged, "127.0.0.1")


def test_where_keys_are_not_required_foreign_tokens_are_passed_over(store: Store) -> None:
    access = Access(lambda: store, require_keys=False)
    assert access.caller("x", "127.0.0.1").key is None
    assert access.caller(None, "127.0.0.1").group == "address:127.0.0.1"
    with pytest.raises(Unauthorised):  # a key of ours that is wrong is worth telling
        access.caller("plx_aaaaaaaa_" + "a" * 43, "127.0.0.1")


def test_a_key_needs_a_name_and_sound_limits(store: Store) -> None:
    with pytest.raises(BadInput):
        add_key(store, "   ", Role.READ)
    with pytest.raises(BadInput):
        add_key(store, "x", Role.READ, requests_per_minute=0)


def test_roles_cover_those_before_them() -> None:
    covered = {(a, b) for a in Role for b in Role if a.covers(b)}
    assert covered == {
        (Role.READ, Role.READ),
        (Role.WORK, Role.READ),
        (Role.WORK, Role.WORK),
        (Role.ADMINISTER, Role.READ),
        (Role.ADMINISTER, Role.WORK),
        (Role.ADMINISTER, Role.ADMINISTER),
    }


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer abc", "abc"),
        ("bearer  abc ", "abc"),
        ("DeepL-Auth-Key abc", "abc"),
        ("Basic " + base64.b64encode(b"me:abc").decode(), "abc"),
        ("Basic !!!", None),
        ("Basic " + base64.b64encode(b"\xff:\xff").decode(), None),
        ("Digest abc", None),
        ("Bearer", None),
        ("", None),
    ],
)
def test_where_a_key_is_looked_for(header: str, token: str | None) -> None:
    assert token_of({"authorization": header}) == token


def test_roles_hold_over_http(tmp_path: Path) -> None:
    chosen = settings(tmp_path, require_keys=True)
    with Store.open(chosen) as store:
        keys = {role: add_key(store, role, role)[1] for role in Role}
    word = {"q": "Он пришёл.", "source": "ru", "target": "en"}
    with (
        running(create_app(chosen, engine=EchoEngine())) as url,
        httpx.Client(base_url=url, timeout=60) as client,
    ):

        def status(method: str, path: str, role: Role | None, **body: object) -> int:
            headers = {"Authorization": f"Bearer {keys[role]}"} if role else {}
            return client.request(method, path, headers=headers, **body).status_code  # type: ignore[arg-type]

        asked = [None, *Role]
        assert [status("GET", "/v1/documents", role) for role in asked] == [401, 200, 200, 200]
        assert [status("POST", "/translate", role, json=word) for role in asked] == [
            400,
            403,
            200,
            200,
        ]
        assert [status("GET", "/metrics", role) for role in asked] == [401, 403, 403, 200]
        assert [status("GET", "/health", role) for role in asked] == [200] * 4
        told = client.post("/translate", json=word)
        assert told.json() == {"error": "Please contact the server operator to get an API key"}
        told = client.post("/translate", json={**word, "api_key": "wrong"})
        assert (told.status_code, told.json()) == (403, {"error": "Invalid API key"})
        told = client.post("/translate", json={**word, "api_key": keys[Role.WORK]})
        assert told.status_code == 200
        page = client.get("/", headers={"Accept": "text/html"})
        assert page.status_code == 401
        assert page.headers["www-authenticate"].startswith("Basic")
        assert "as the password" in page.text
        asked = client.get("/", headers={"Accept": "text/html"}, auth=("me", keys[Role.READ]))
        assert asked.status_code == 200
        told = client.get("/v1/documents")
        assert told.headers["www-authenticate"].startswith("Bearer")
        assert told.json()["type"] == "urn:parallax:problem:unauthorised"


def test_a_key_has_limits_of_its_own(tmp_path: Path) -> None:
    chosen = settings(tmp_path, require_keys=True, requests_per_minute=100)
    with Store.open(chosen) as store:
        _, key = add_key(store, "few", Role.WORK, requests_per_minute=2, characters_per_request=20)
    with running(create_app(chosen, engine=EchoEngine())) as url:

        def ask(text: str) -> httpx.Response:
            body = {"q": text, "source": "ru", "target": "en", "api_key": key}
            return httpx.post(f"{url}/translate", json=body)

        assert ask("я" * 21).json() == {
            "error": "Invalid request: request (21) exceeds text limit (20)"
        }
        assert ask("Он пришёл.").status_code == 200
        assert ask("Он пришёл.").json() == {"error": "Slowdown: 2 per 1 minute"}
