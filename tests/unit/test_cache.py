from __future__ import annotations

from models.cache import Cache


def test_the_entry_used_longest_ago_goes_first() -> None:
    cache: Cache[str] = Cache(100)
    for name in "abcdefghij":
        cache.put(("p", "o", name), name, 9)
    assert cache.get(("p", "o", "a")) == "a"
    cache.put(("p", "o", "k"), "k", 9)
    assert cache.get(("p", "o", "b")) is None
    assert cache.get(("p", "o", "a")) == "a"
    assert len(cache) == 10


def test_package_and_options_are_part_of_the_key() -> None:
    cache: Cache[str] = Cache(1000)
    cache.put(("p", "o", "x|y"), "one", 1)
    assert cache.get(("q", "o", "x|y")) is None
    assert cache.get(("p", "n", "x|y")) is None


def test_what_is_too_large_is_not_kept() -> None:
    cache: Cache[str] = Cache(100)
    cache.put(("p", "o", "x" * 50), "y", 50)
    assert len(cache) == 0


def test_a_newer_value_replaces_the_older_and_its_size() -> None:
    cache: Cache[str] = Cache(100)
    for _ in range(50):
        cache.put(("p", "o", "a"), "b", 5)
    cache.put(("p", "o", "c"), "d", 5)
    assert len(cache) == 2
    cache.clear()
    assert len(cache) == 0
