"""Headers, forged requests, rate limits, logs and figures of the HTTP front."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.app import is_exposed, known_hosts
from service.errors import TooManyRequests
from service.headers import host_is_known
from service.observe import Metrics, event_log
from service.ratelimit import RateLimit, address_group
from tests.contract.server import EchoEngine, create_app, running, settings

GOOD = {"q": "Секретный текст.", "source": "ru", "target": "en"}


def served(folder: Path, **changes: Any) -> Any:
    return running(create_app(settings(folder, **changes), engine=EchoEngine()))


def test_every_answer_carries_the_security_headers(tmp_path: Path) -> None:
    with served(tmp_path) as url:
        for path in ("/health", "/nothing", "/v1/documents", "/docs", "/openapi.json"):
            headers = httpx.get(f"{url}{path}").headers
            assert headers["content-security-policy"].startswith("default-src 'self'")
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert "server" not in headers


def test_other_sites_may_translate_but_never_read_or_change_the_store(tmp_path: Path) -> None:
    foreign = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    document = {"text": "Он пришёл."}
    unit = {**GOOD, "s": "A secret text."}
    with served(tmp_path) as url:
        assert httpx.post(f"{url}/translate", json=GOOD, headers=foreign).status_code == 200
        readable = httpx.get(f"{url}/v1/documents", headers=foreign).headers
        assert "access-control-allow-origin" not in readable
        for path, body in (("/v1/documents", document), ("/suggest", unit)):
            assert httpx.post(f"{url}{path}", json=body, headers=foreign).status_code == 403
            only_origin = {"Origin": "https://elsewhere.example"}
            assert httpx.post(f"{url}{path}", json=body, headers=only_origin).status_code == 403
            same = {"Origin": url, "Sec-Fetch-Site": "same-origin"}
            assert httpx.post(f"{url}{path}", json=body, headers=same).status_code < 400


def test_a_name_that_a_stranger_registered_is_not_answered(tmp_path: Path) -> None:
    with served(tmp_path, allowed_hosts=("news.example",)) as url:
        for host, status in (
            ("127.0.0.1:8000", 200),
            ("localhost", 200),
            ("[::1]:8000", 200),
            ("news.example", 200),
            ("evil.example", 421),
            ("127.0.0.1.evil.example", 421),
        ):
            answer = httpx.get(f"{url}/health", headers={"Host": host})
            assert answer.status_code == status, host


@pytest.mark.parametrize("host", ["[", "a.b", "a..b", "@.", "1.2.3", "x.local"])
def test_odd_hosts_are_not_known(host: str) -> None:
    assert not host_is_known(host, ())


def test_a_server_open_to_the_network_without_keys_is_noticed(tmp_path: Path) -> None:
    def exposed(**changes: Any) -> bool:
        return is_exposed(settings(tmp_path, **changes))

    assert not exposed()
    assert not exposed(host="::1")
    assert not exposed(host="localhost")
    assert exposed(host="0.0.0.0")
    assert exposed(host="192.168.1.5")
    assert not exposed(host="0.0.0.0", require_keys=True)
    assert known_hosts(settings(tmp_path, host="0.0.0.0")) is None
    assert known_hosts(settings(tmp_path)) == ()


def test_a_minute_is_spent_by_cost_and_by_caller() -> None:
    limit = RateLimit(5, Metrics())
    limit.spend("a", 3)
    limit.spend("b", 5)
    with pytest.raises(TooManyRequests) as refused:
        limit.spend("a", 3)
    assert 1 <= refused.value.retry_after <= 61
    limit.spend("a", 2)
    RateLimit(5, Metrics()).spend("a", 100)  # alone in its minute, a large call passes
    for _ in range(100):
        RateLimit(0, Metrics()).spend("a", 100)


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("192.0.2.1", "address:192.0.2.1"),
        ("2001:db8:1:2:3::4", "address:2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "address:192.0.2.1"),
        ("fe80::1%eth0", "address:fe80::/64"),
        (None, "address:unknown"),
        ("a name", "address:unknown"),
    ],
)
def test_how_addresses_are_counted(address: str | None, group: str) -> None:
    assert address_group(address) == group


def test_logs_and_figures_never_hold_text_key_or_address(tmp_path: Path) -> None:
    app = create_app(settings(tmp_path), engine=EchoEngine())
    stream = io.StringIO()
    log = event_log("json", "info", stream)
    for middleware in app.user_middleware:
        if "log" in middleware.kwargs:
            middleware.kwargs["log"] = log
    with running(app) as url:
        key = "plx_aaaaaaaa_" + "k" * 43
        httpx.post(f"{url}/translate", params={**GOOD, "api_key": "my-key"})
        httpx.post(f"{url}/translate", json=GOOD, headers={"Authorization": f"Bearer {key}"})
        httpx.get(f"{url}/Секретный/текст?q=Секретный")
        httpx.request("BREW", f"{url}/translate")
        httpx.get(f"{url}/v1/documents/doc_secret")
        figures = httpx.get(f"{url}/metrics").text
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert {line["route"] for line in lines} >= {
        "/translate",
        "unmatched",
        "/v1/documents/{document_id}",
    }
    assert all(len(line["request_id"]) == 16 for line in lines)
    for told in (stream.getvalue(), figures):
        for secret in ("екретн", "%D0", "my-key", key, "127.0.0.1", "doc_secret", "BREW"):
            assert secret not in told
    assert 'method="other"' in figures
    assert (
        'parallax_http_requests_total{method="POST",route="/translate",status="200"} 1.0' in figures
    )
    assert 'parallax_translated_characters_total{direction="ru→en",lane="interactive"}' in figures


def test_a_request_id_is_kept_only_when_it_is_harmless(tmp_path: Path) -> None:
    with served(tmp_path) as url:

        def answered(sent: str) -> str:
            return httpx.get(f"{url}/health", headers={"X-Request-ID": sent}).headers[
                "x-request-id"
            ]

        assert answered("abc-123_XYZ") == "abc-123_XYZ"
        assert answered("a b") != "a b"
        assert answered("x" * 65) != "x" * 65


def test_the_log_has_a_form_for_people_too() -> None:
    stream = io.StringIO()
    event_log("console", "info", stream).info("listening", port=8000)
    assert "listening" in stream.getvalue()
    assert "port=8000" in stream.getvalue()
