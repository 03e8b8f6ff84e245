"""Coverage in over HTTP, and what `/v1` gives: documents, events, groups, pairs, judgements."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.contract.server import EchoEngine, create_app, running, settings

ARTICLES = [
    {
        "title": "Стороны обменяли пленных",
        "text": "Стороны обменяли 100 пленных. Об этом сообщил представитель министерства.",
        "outlet": "Летопись недели",
        "published_at": "2024-05-31T09:00:00Z",
    },
    {
        "title": "The two sides exchanged prisoners",
        "text": "The two sides exchanged 100 prisoners. A ministry spokesman said so.",
        "outlet": "Northgate Wire",
        "published_at": "2024-05-31T12:00:00+03:00",
    },
    {"text": "   "},
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    app = create_app(settings(tmp_path_factory.mktemp("store")), engine=EchoEngine())
    with running(app) as url, httpx.Client(base_url=url, timeout=120) as client:
        yield client


@pytest.fixture(scope="module")
def taken(client: httpx.Client) -> list[dict[str, str]]:
    answer = client.post("/v1/documents", json={"documents": ARTICLES})
    assert answer.status_code == 201
    found: list[dict[str, str]] = answer.json()["documents"]
    return found


def test_each_article_is_answered_for_in_the_order_it_was_sent(
    client: httpx.Client, taken: list[dict[str, str]]
) -> None:
    assert [each["status"] for each in taken] == ["new", "new", "refused"]
    assert [each["index"] for each in taken] == [0, 1, 2]
    assert "no text" in taken[2]["detail"]
    again = client.post("/v1/documents", json={"documents": ARTICLES})
    assert again.status_code == 200
    assert [each["status"] for each in again.json()["documents"]] == ["known", "known", "refused"]
    assert [each["id"] for each in again.json()["documents"]] == [each["id"] for each in taken]


def test_an_article_alone_that_cannot_be_used_is_an_error(client: httpx.Client) -> None:
    answer = client.post("/v1/documents", json={"text": " \n "})
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:parallax:problem:bad-input"


def test_a_document_has_exact_offsets(client: httpx.Client, taken: list[dict[str, str]]) -> None:
    for each in taken[:2]:
        found = client.get(f"/v1/documents/{each['id']}").json()
        assert found["segments"]
        for part in (*found["segments"], *found["claims"]):
            assert found["text"][part["start"] : part["end"]] == part["text"]


def test_documents_are_paged_and_filtered(
    client: httpx.Client, taken: list[dict[str, str]]
) -> None:
    first = client.get("/v1/documents", params={"limit": 1}).json()
    second = client.get("/v1/documents", params={"limit": 1, "cursor": first["next"]}).json()
    ids = {page["items"][0]["id"] for page in (first, second)}
    assert ids == {each["id"] for each in taken[:2]}
    assert second["next"] is None
    russian = client.get("/v1/documents", params={"language": "ru"}).json()["items"]
    assert [each["outlet"] for each in russian] == ["Летопись недели"]
    wire = client.get("/v1/documents", params={"outlet": "Northgate Wire"}).json()["items"]
    assert [each["language"] for each in wire] == ["en"]
    before = client.get("/v1/documents", params={"published_to": "2024-05-31T09:00:00"}).json()
    assert before["items"] == []


def test_an_event_leads_to_its_documents_groups_and_pairs(
    client: httpx.Client, taken: list[dict[str, str]]
) -> None:
    listed = client.get("/v1/events").json()["items"]
    assert {each["event_id"] for each in taken[:2]} <= {each["id"] for each in listed}
    for event in listed:
        whole = client.get(f"/v1/events/{event['id']}").json()
        assert len(whole["coverage"]) == event["documents"]
        for group in whole["claim_groups"]["items"]:
            assert client.get(f"/v1/groups/{group['id']}").json() == group
        pairs = client.get("/v1/pairs", params={"event": event["id"]}).json()["items"]
        assert len(pairs) == event["pairs"]
        for pair in pairs:
            found = client.get(f"/v1/pairs/{pair['id']}").json()
            assert found["a"]["claims"]
            assert found["b"]["claims"]


def test_a_judgement_is_added_and_none_is_changed(
    client: httpx.Client, taken: list[dict[str, str]]
) -> None:
    pairs = client.get("/v1/pairs").json()["items"]
    if not pairs:
        pytest.skip("the two articles were not aligned without packages and encoder")
    where = f"/v1/pairs/{pairs[0]['id']}/judgements"
    for decision in ("same", "different"):
        answer = client.post(where, json={"judgement": decision, "who": "O. K.", "note": "look"})
        assert answer.status_code == 201
        assert answer.json()["judgement"] == decision
    filed = client.get("/v1/judgements", params={"pair": pairs[0]["id"]}).json()["items"]
    assert [each["judgement"] for each in filed] == ["different", "same"]
    assert client.get("/v1/pairs", params={"judgement": "different"}).json()["items"]
    assert client.post(where, json={"judgement": "perhaps"}).status_code == 400


def test_texts_are_aligned_without_the_store(client: httpx.Client) -> None:
    sides = [
        {"segments": ["Обменяли 100 человек.", "Переговоры шли всю ночь до 5 часов."]},
        {"segments": ["100 people were exchanged.", "The talks lasted all night until 5."]},
        {"text": "Обміняли 100 людей. Переговори тривали всю ніч до 5 годин."},
    ]
    found = client.post("/v1/align", json={"texts": sides, "mode": "monotone"}).json()
    assert [each["language"] for each in found["texts"]] == ["ru", "en", "uk"]
    assert [(each["a"], each["b"]) for each in found["comparisons"]] == [(0, 1), (0, 2), (1, 2)]
    for each in found["comparisons"]:
        assert (each["mode"], each["overruled"]) == ("monotone", True)
        for link in each["links"]:
            assert 0 <= link["probability"] <= 1
            assert link["reasons"] is not None
    both = client.post("/v1/align", json={"texts": [{"text": "a", "segments": ["b"]}, {}]})
    assert both.status_code == 400
