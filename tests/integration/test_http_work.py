"""How work is done for callers: lanes, a full queue, callers who leave, and time limits."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from models.errors import Busy
from models.translate import Lane
from tests.contract.server import EchoEngine, create_app, running, settings

GOOD = {"q": "Он пришёл.", "source": "ru", "target": "en"}


@pytest.fixture
def engine() -> Iterator[EchoEngine]:
    engine = EchoEngine()
    yield engine
    engine.let_go()


def until(condition: Callable[[], bool]) -> None:
    """Return when the condition holds; it has a minute."""
    stop = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < stop, "it never came to hold"
        threading.Event().wait(0.01)


@contextmanager
def asking(url: str, body: dict[str, Any], path: str = "/translate") -> Iterator[None]:
    """A caller who has sent a request; at the end it leaves without waiting for the answer."""
    where = urlsplit(url)
    sent = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(sent)}\r\n\r\n"
    )
    with socket.create_connection((where.hostname, where.port)) as connection:
        connection.sendall(head.encode() + sent)
        yield


def served(folder: Path, engine: EchoEngine, **changes: Any) -> Any:
    return running(create_app(settings(folder, **changes), engine=engine))


def test_a_caller_who_leaves_has_its_work_dropped(tmp_path: Path, engine: EchoEngine) -> None:
    engine.hold()
    with served(tmp_path, engine) as url:
        with asking(url, GOOD):
            until(lambda: len(engine.futures) == 1)
        until(lambda: engine.futures[0].cancelled())
        engine.let_go()
        assert httpx.post(f"{url}/translate", json=GOOD).status_code == 200


def test_work_that_takes_too_long_is_given_up(tmp_path: Path, engine: EchoEngine) -> None:
    engine.hold()
    with served(tmp_path, engine, request_seconds=0.2) as url:
        for path, body in (
            ("/translate", GOOD),
            ("/v2/translate", {"text": ["Он пришёл."], "target_lang": "EN-GB"}),
            ("/v1/translate", {"texts": ["Он пришёл."], "target": "en"}),
        ):
            answer = httpx.post(f"{url}{path}", json=body)
            assert answer.status_code == 504
            assert "PARALLAX_REQUEST_SECONDS" in answer.text
        until(lambda: all(future.cancelled() for future in engine.futures))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/align", {"texts": [{"text": "Он пришёл."}, {"text": "He came."}]}),
        ("/v1/documents", {"text": "Он пришёл. Она ушла.", "language": "ru"}),
    ],
)
def test_alignment_ends_when_its_time_is_up_or_its_caller_leaves(
    tmp_path: Path, engine: EchoEngine, path: str, body: dict[str, Any]
) -> None:
    engine.hold()
    with served(tmp_path, engine, request_seconds=1.0) as url:
        answer = httpx.post(f"{url}{path}", json=body, timeout=60)
        assert answer.status_code == 504
        until(lambda: bool(engine.futures) and all(each.cancelled() for each in engine.futures))
        engine.futures.clear()
    with served(tmp_path / "other", engine) as url:
        with asking(url, body, path):
            until(lambda: len(engine.futures) == 1)
        until(lambda: engine.futures[0].cancelled())
        engine.let_go()
        # The thread is free again: the same question gets its answer.
        assert httpx.post(f"{url}{path}", json=body, timeout=60).is_success


def test_short_requests_pass_while_bulk_work_waits(tmp_path: Path, engine: EchoEngine) -> None:
    """Bulk callers fill their lane; a short one still gets in, and in the quick lane."""
    engine.hold()
    bulk = {**GOOD, "q": [f"Он пришёл {n}." for n in range(100)]}
    with served(tmp_path, engine, request_waiting=32) as url, ThreadPoolExecutor(8) as pool:
        waiting = [
            pool.submit(httpx.post, f"{url}/translate", json=bulk, timeout=30) for _ in range(4)
        ]
        until(lambda: len(engine.futures) == 4)
        refused = httpx.post(f"{url}/translate", json=bulk)
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.json()["error"].startswith("The translation queue is full")
        quick = pool.submit(httpx.post, f"{url}/translate", json=GOOD, timeout=30)
        until(lambda: len(engine.futures) == 5)
        assert [lane for _, _, lane in engine.asked] == [Lane.BULK] * 4 + [Lane.INTERACTIVE]
        engine.let_go()
        assert quick.result().json() == {"translatedText": "[ru>en]Он пришёл."}
        assert all(len(each.result().json()["translatedText"]) == 100 for each in waiting)


def test_a_full_engine_is_a_503_that_says_when_to_come_again(
    tmp_path: Path, engine: EchoEngine
) -> None:
    engine.failure = Busy(7.2)
    with served(tmp_path, engine) as url:
        for path, body in (
            ("/translate", GOOD),
            ("/v2/translate", {"text": ["Он пришёл."], "target_lang": "EN-GB"}),
            ("/v1/translate", {"texts": ["Он пришёл."], "target": "en"}),
        ):
            answer = httpx.post(f"{url}{path}", json=body)
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "8"
        assert httpx.get(f"{url}/health").status_code == 200


def test_an_error_of_ours_says_nothing_of_the_text(tmp_path: Path, engine: EchoEngine) -> None:
    engine.failure = RuntimeError("could not handle: Он пришёл.")
    with served(tmp_path, engine) as url:
        for path, body in (
            ("/translate", GOOD),
            ("/v1/translate", {"texts": ["Он пришёл."], "target": "en"}),
        ):
            answer = httpx.post(f"{url}{path}", json=body)
            assert answer.status_code == 500
            assert "пришёл" not in answer.text
        engine.failure = None
        assert httpx.post(f"{url}/translate", json=GOOD).status_code == 200


def test_a_caller_who_leaves_between_two_directions_leaves_nothing_behind(
    tmp_path: Path, engine: EchoEngine
) -> None:
    engine.hold()
    mixed = {**GOOD, "source": "auto", "q": ["Он пришёл.", "Київ і Львів уже їдуть"]}
    with served(tmp_path, engine) as url:
        with asking(url, mixed):
            until(lambda: len(engine.futures) == 2)
        until(lambda: all(future.cancelled() for future in engine.futures))


def test_many_callers_at_once_each_get_their_own_answer(tmp_path: Path, engine: EchoEngine) -> None:
    def ask(number: int) -> bool:
        text = f"Он пришёл {number} раз."
        answer = client.post("/translate", json={**GOOD, "q": text})
        return bool(answer.json() == {"translatedText": f"[ru>en]{text}"})

    with (
        served(tmp_path, engine) as url,
        httpx.Client(base_url=url, timeout=30) as client,
        ThreadPoolExecutor(16) as pool,
    ):
        assert all(pool.map(ask, range(200)))
