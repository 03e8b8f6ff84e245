from __future__ import annotations

from alignment.copies import CopyIndex, find_copies

REPORT = (
    "The ministry said on Thursday that air defences had shot down ninety of the hundred drones "
    "launched overnight, and that debris had fallen on four districts of the region without "
    "causing casualties, although two warehouses and a school burned."
)


def test_a_lightly_edited_copy_is_found_and_another_text_is_not() -> None:
    edited = REPORT.replace("on Thursday ", "").replace("a school", "one school")
    other = "A museum opened a new wing for folk painting, and the first guests were its restorers."
    assert find_copies([("a", REPORT), ("b", edited), ("c", other)]) == {"b": "a"}


def test_short_texts_are_copies_only_when_identical() -> None:
    texts = [("a", "Air raid alert in Kharkiv"), ("b", "Air raid alert in Sumy")]
    assert find_copies(texts) == {}
    assert find_copies([*texts, ("c", "Air raid alert in Kharkiv")]) == {"c": "a"}


def test_a_forgotten_original_is_no_longer_found() -> None:
    index = CopyIndex()
    index.add("a", REPORT)
    index.forget("a")
    assert index.add("b", REPORT) is None
