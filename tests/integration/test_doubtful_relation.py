"""A relation that is read in the wording of claims that may be unrelated says so everywhere."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import PythonTmx
from lxml import etree
from PythonTmx.utils import from_element

from service import cli
from service.aligning import Link
from service.settings import Settings
from service.store import groups, pairs
from service.store.database import Store
from service.store.tables import ClaimGroupRow, GroupMemberRow
from tests.contract.server import EchoEngine, create_app, running, settings
from tests.rows import article, pair, plant

Run = Callable[..., str]


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """One group with a likely pair that says the same and a doubtful one that denies."""
    monkeypatch.setenv("PARALLAX_DATA_FOLDER", str(tmp_path))
    with Store.open(Settings()) as store, store.session(write=True) as session:
        ru, uk, en = plant(session, [article(code) for code in ("ru", "uk", "en")])
        likely = pair(ru, uk, probability=0.9, group_id="grp_both")
        denies = pair(
            ru, en, probability=0.48, relation="denies", group_id="grp_both", reasons=["It denies."]
        )
        alone = pair(uk, en, index=1, probability=0.48, relation="denies", group_id="grp_alone")
        kept = {"grp_both": (ru, uk, en), "grp_alone": (uk, en)}
        for position, (name, told) in enumerate(kept.items()):
            claims = [one.claim_rows[position] for one in told]
            group = ClaimGroupRow(
                id=name,
                event_id="evt_one",
                anchor=claims[0].id,
                position=position,
                relations={"same": 1} if name == "grp_both" else {},
                languages={claim.language: 1 for claim in claims},
                consistency=0.48,
                algorithm="test 1",
            )
            session.add(group)
            session.flush()
            session.add_all(
                GroupMemberRow(claim_id=claim.id, group_id=name, language=claim.language)
                for claim in claims
            )
        pairs.replace(session, "evt_one", [likely, denies, alone])
    return {"likely": likely.id, "denies": denies.id}


@pytest.fixture
def printed(capfd: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> str:
        assert cli.run(list(arguments)) == 0
        return capfd.readouterr().out

    return run


def test_the_api_says_which_relations_are_in_doubt(stored: dict[str, str], tmp_path: Path) -> None:
    app = create_app(settings(tmp_path), engine=EchoEngine())
    with running(app) as url, httpx.Client(base_url=url) as client:
        listed = {one["id"]: one["doubtful"] for one in client.get("/v1/pairs").json()["items"]}
        assert listed[stored["likely"]] is False
        assert listed[stored["denies"]] is True
        assert client.get(f"/v1/pairs/{stored['denies']}").json()["doubtful"] is True
        group = client.get("/v1/groups/grp_both").json()
        assert (group["relations"], group["doubtful"]) == ({"same": 1}, {"denies": 1})


def test_the_pages_say_it_is_only_possible(stored: dict[str, str], tmp_path: Path) -> None:
    app = create_app(settings(tmp_path), engine=EchoEngine())
    with running(app) as url, httpx.Client(base_url=url) as client:
        event = client.get("/events/evt_one").text
        assert "possibly: one denies the other" in event
        assert ">say the same<" in event
        assert "It denies." not in event  # the likely pair speaks for its group
        for path in ("/groups/grp_both", f"/review?pair={stored['denies']}"):
            assert "possibly: one denies the other" in client.get(path).text


def test_the_command_line_says_it_is_only_possible(stored: dict[str, str], printed: Run) -> None:
    assert f"{stored['denies']}  possibly denies  probability 0.48" in printed(
        "show", stored["denies"]
    )
    assert f"{stored['likely']}  same  probability 0.90" in printed("show", stored["likely"])
    group = printed("show", "grp_both")
    assert group.startswith("grp_both  same 1  possibly denies 1")
    assert "possibly denies: It denies." in group


def test_every_format_of_export_says_it(
    stored: dict[str, str], printed: Run, tmp_path: Path
) -> None:
    rows = [json.loads(line) for line in printed("export").splitlines()]
    told = {row["id"]: row["doubtful"] for row in rows}
    assert (told[stored["likely"]], told[stored["denies"]]) == (False, True)
    table = csv.DictReader(io.StringIO(printed("export", "--format", "csv")))
    assert {row["id"]: row["doubtful"] == "True" for row in table} == told
    printed("export", "-o", str(tmp_path / "pairs.tmx"))
    document = from_element(etree.parse(tmp_path / "pairs.tmx").getroot())
    assert isinstance(document, PythonTmx.Tmx)
    marked = {unit.tuid for unit in document.tus if "x-doubtful" in {p.type for p in unit.props}}
    assert marked == {one for one, doubtful in told.items() if doubtful}


def test_counts_tell_doubtful_relations_from_the_others(stored: dict[str, str]) -> None:
    with Store(Settings().store_url) as store, store.session() as session:
        assert pairs.relations(session) == {"same": 1, "denies": 2}
        assert pairs.relations(session, doubtful=False) == {"same": 1}
        assert pairs.relations(session, doubtful=True) == {"denies": 2}
        assert groups.view(session, "grp_both").doubtful == {"denies": 1}


@pytest.mark.parametrize(("probability", "doubtful"), [(0.48, True), (0.52, False)])
def test_a_link_of_two_texts_is_in_doubt_below_even_odds(
    probability: float, doubtful: bool
) -> None:
    assert Link((0,), (0,), probability, "denies", (), {}).doubtful is doubtful
