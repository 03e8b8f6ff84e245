from __future__ import annotations

import json
from pathlib import Path

import pytest

from alignment.evaluate import Beads, Figure, bcubed, main, nil_aware, table


def test_a_link_that_overlaps_on_both_sides_is_lax_and_not_strict() -> None:
    beads = Beads()
    beads.add([((0,), (0, 1)), ((5,), (5,))], [((0,), (0,)), ((2,), (2,))])
    assert beads.strict_scores() == (0.0, 0.0, 0.0)
    assert beads.lax_scores() == (0.5, 0.5, 0.5)


def test_one_event_for_all_costs_precision_only() -> None:
    precision, recall, _ = bcubed({"a": "1", "b": "1"}, {"a": "x", "b": "y"})
    assert (precision, recall) == (0.5, 1.0)


def test_none_is_right_only_where_there_is_none() -> None:
    empty: frozenset[str] = frozenset()
    gold = {"a": empty, "b": frozenset({"x"})}
    assert nil_aware({"a": empty, "b": empty}, gold) == (0.5, 0.5, 0.5)


def test_the_table_says_whether_an_aim_is_reached() -> None:
    lines = table(
        [
            Figure("F1", "en-ru", 0.95, aim=0.9),
            Figure("error", "ru-uk", 0.09, aim=0.05, most=True),
            Figure("F1", "en-uk", 0.5, floor=0.6),
        ]
    ).splitlines()
    assert lines[0].endswith("reached")
    assert lines[1].endswith("short")
    assert lines[2].endswith("UNDER ITS FLOOR")


def test_absent_data_is_named_and_fails_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--sets", str(tmp_path), "--encoder", "none", "--only", "beads", "--json"]
    assert main(asked) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["figures"] == []
    assert str(tmp_path) in printed["not_run"]["beads"]
