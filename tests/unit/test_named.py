"""English names by how Russian and Ukrainian text spells them."""

from __future__ import annotations

from models.languages import Language
from models.training.named import SEEN, named

ENGLISH = {"Jefferson": 9, "Dzhefferson": 1, "Allen": 4, "Alen": 3, "Ford": 20, "ford": 30}
ENGLISH |= {"Rare": SEEN - 1, "NATO": 9, "Lee": 9, "Wall-E": 9, "Stewart": 5}


def test_names_are_found_by_the_rules_of_the_other_way_round() -> None:
    found = named(ENGLISH, {}, Language.RU)
    assert found == {
        "Джефферсон": "Dzhefferson",  # because the rules lead back to it, and English writes it
        "Аллен": "Allen",
        "Ален": "Alen",
        "Стьюарт": "Stewart",
    }
    del ENGLISH["Dzhefferson"]
    assert named(ENGLISH, {}, Language.RU)["Джефферсон"] == "Jefferson"


def test_what_is_written_small_is_no_name() -> None:
    assert "Аллен" not in named({"Allen": 4}, {"аллен": 2, "Аллен": 1}, Language.RU)
    assert "Аллен" in named({"Allen": 4}, {"аллен": 1, "Аллен": 1}, Language.RU)
    assert named({"Allen": 4, "allen": 4}, {}, Language.RU) == {}
