from __future__ import annotations

from alignment.copies import CopyIndex, find_copies, resemblance, signature

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


def test_the_estimate_is_near_the_share_of_equal_shingles() -> None:
    words = [f"word{n}" for n in range(160)]
    base = words[:80]
    for kept in range(8, 80, 4):
        other = base[:kept] + words[80 : 160 - kept]
        truth = (kept - 3) / (2 * 77 - (kept - 3))
        estimate = resemblance(signature(" ".join(base)), signature(" ".join(other)))
        assert abs(estimate - truth) < 0.2, kept


def test_texts_that_share_a_third_are_no_copies() -> None:
    texts = [
        (
            str(n),
            " ".join([*(f"shared{m}" for m in range(40)), *(f"own{n}x{m}" for m in range(40))]),
        )
        for n in range(60)
    ]
    assert find_copies(texts) == {}
