from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from concurrent.futures import Future, wait
from typing import Any

import pytest

from models.batcher import Batcher, Lane, Wanted, Work
from models.errors import Busy, Cancelled


def work(text: str, key: str = "k", steps: int = 1) -> Work[str]:
    for _ in range(steps):
        (text,) = yield [Wanted(key, len(text), text)]
    return text


class Gate:
    """A decoder that records its batches and waits until it is opened."""

    def __init__(self, *, open_: bool = True) -> None:
        self.batches: list[list[str]] = []
        self.opened = threading.Event()
        self.entered = threading.Event()
        if open_:
            self.opened.set()

    def __call__(self, key: str, payloads: list[str]) -> list[str]:
        self.batches.append(payloads)
        self.entered.set()
        assert self.opened.wait(20)
        return [payload.upper() for payload in payloads]


def test_results_come_in_the_order_asked() -> None:
    batcher = Batcher(Gate(), budget=10)
    texts = ["a" * n for n in range(1, 9)]
    assert batcher.submit([work(t) for t in texts], Lane.BULK).result(20) == [
        text.upper() for text in texts
    ]
    batcher.close()


def test_callers_share_a_batch() -> None:
    gate = Gate(open_=False)
    batcher = Batcher(gate, workers=1, wait=0)
    first = batcher.submit([work("first")], Lane.INTERACTIVE)
    assert gate.entered.wait(20)
    others = [batcher.submit([work(f"n{n}")], Lane.INTERACTIVE) for n in range(5)]
    gate.opened.set()
    wait([first, *others], timeout=20)
    assert [len(batch) for batch in gate.batches] == [1, 5]
    batcher.close()


def test_a_batch_holds_no_more_than_its_budget() -> None:
    gate = Gate()
    batcher = Batcher(gate, budget=100)
    batcher.submit([work("x" * 30) for _ in range(20)], Lane.BULK).result(20)
    assert max(len(batch) * 30 for batch in gate.batches) <= 100
    batcher.close()


def test_keys_do_not_share_a_batch() -> None:
    gate = Gate()
    batcher = Batcher(gate)
    batcher.submit([work("a", "1"), work("b", "2"), work("c", "1")], Lane.BULK).result(20)
    assert sorted(map(sorted, gate.batches)) == [["a", "c"], ["b"]]
    batcher.close()


def test_what_gains_nothing_from_company_does_not_wait_for_it() -> None:
    gate = Gate(open_=False)
    batcher = Batcher(gate, budget=100, workers=1, wait=3600, alone=lambda key: key == "k")
    first = batcher.submit([work("first")], Lane.INTERACTIVE)
    assert gate.entered.wait(20)
    others = [batcher.submit([work(f"n{n}")], Lane.INTERACTIVE) for n in range(5)]
    gate.opened.set()
    wait([first, *others], timeout=20)
    assert [len(batch) for batch in gate.batches] == [1] * 6
    batcher.close()


def test_bulk_work_that_fills_the_queue_leaves_room_for_questions() -> None:
    gate = Gate(open_=False)
    batcher = Batcher(gate, budget=1, workers=1, wait=0, limit=10)
    bulk = batcher.submit([work(f"b{n}") for n in range(20)], Lane.BULK)
    assert gate.entered.wait(20)
    with pytest.raises(Busy):
        batcher.submit([work("more")], Lane.BULK)
    question = batcher.submit([work("q")], Lane.INTERACTIVE)
    bulk.cancel()  # whoever has gone is in nobody's way
    other = batcher.submit([work("other")], Lane.BULK)
    gate.opened.set()
    assert question.result(20) == ["Q"]
    assert other.result(20) == ["OTHER"]
    batcher.close()


def test_after_a_question_bulk_work_leaves_the_next_one_a_worker() -> None:
    """Of three workers one prepares and two compute; bulk work has one of these for a while."""
    gate = Gate()
    batcher = Batcher(gate, budget=1, workers=3, wait=0)
    batcher.submit([work("question")], Lane.INTERACTIVE).result(20)
    gate.opened.clear()
    gate.entered.clear()
    bulk = batcher.submit([work(f"bulk {n}") for n in range(4)], Lane.BULK)
    assert gate.entered.wait(20)
    gate.entered.clear()
    next_one = batcher.submit([work("next")], Lane.INTERACTIVE)
    assert gate.entered.wait(20)
    assert [batch for batch in gate.batches[1:3] if batch == ["next"]]
    gate.opened.set()
    assert next_one.result(20) == ["NEXT"]
    assert len(bulk.result(20)) == 4
    batcher.close()


def test_interactive_goes_before_bulk() -> None:
    gate = Gate(open_=False)
    batcher = Batcher(gate, budget=10, workers=1, wait=0)
    bulk = batcher.submit([work("b" * 10) for _ in range(20)], Lane.BULK)
    assert gate.entered.wait(20)
    quick = batcher.submit([work("q" * 10)], Lane.INTERACTIVE)
    gate.opened.set()
    quick.result(20)
    bulk.result(20)
    assert gate.batches[1] == ["q" * 10]
    batcher.close()


def test_bulk_takes_small_batches_while_somebody_asks() -> None:
    gate = Gate()
    batcher = Batcher(gate, budget=40, workers=1, wait=0)
    batcher.submit([work("b" * 10) for _ in range(8)], Lane.BULK).result(20)
    assert max(map(len, gate.batches)) == 4
    batcher.submit([work("q")], Lane.INTERACTIVE).result(20)
    gate.batches.clear()
    batcher.submit([work("b" * 10) for _ in range(8)], Lane.BULK).result(20)
    assert max(map(len, gate.batches)) == 1
    batcher.close()


def test_bulk_is_not_starved() -> None:
    gate = Gate(open_=False)
    batcher = Batcher(gate, budget=10, workers=1, wait=0)
    first = batcher.submit([work("q" * 10) for _ in range(40)], Lane.INTERACTIVE)
    bulk = batcher.submit([work("b" * 10)], Lane.BULK)
    gate.opened.set()
    wait([first, bulk], timeout=20)
    assert gate.batches.index(["b" * 10]) < 20
    batcher.close()


def test_a_long_request_does_not_hold_up_a_short_one() -> None:
    gate = Gate(open_=False)
    batcher = Batcher(gate, budget=10, workers=1, wait=0)
    long = batcher.submit([work("l" * 10) for _ in range(50)], Lane.INTERACTIVE)
    assert gate.entered.wait(20)
    short = batcher.submit([work("s" * 10)], Lane.INTERACTIVE)
    gate.opened.set()
    wait([long, short], timeout=20)
    assert gate.batches.index(["s" * 10]) <= 3
    batcher.close()


def test_a_caller_that_has_gone_is_dropped() -> None:
    gate = Gate(open_=False)
    batcher = Batcher(gate, budget=10, workers=1, wait=0)
    busy = batcher.submit([work("x" * 10)], Lane.INTERACTIVE)
    assert gate.entered.wait(20)
    gone = batcher.submit([work("g" * 10) for _ in range(30)], Lane.INTERACTIVE)
    assert gone.cancel()
    after = batcher.submit([work("a" * 10)], Lane.INTERACTIVE)
    gate.opened.set()
    wait([busy, after], timeout=20)
    assert ["g" * 10] not in gate.batches
    batcher.close()


def test_a_full_queue_refuses() -> None:
    gate = Gate(open_=False)
    batcher = Batcher(gate, budget=1, limit=5, workers=1, wait=0)
    held = batcher.submit([work("x") for _ in range(8)], Lane.INTERACTIVE)
    with pytest.raises(Busy) as refused:
        batcher.submit([work("y")], Lane.BULK)
    assert refused.value.retry_after > 0
    gate.opened.set()
    held.result(20)
    assert batcher.submit([work("y")], Lane.INTERACTIVE).result(20) == ["Y"]
    batcher.close()


def test_one_bad_segment_does_not_fail_its_neighbours() -> None:
    def decode(key: str, payloads: list[str]) -> list[str]:
        if "bad" in payloads:
            raise RuntimeError("cannot")
        return payloads

    batcher = Batcher(decode, workers=1)
    futures = [batcher.submit([work(t)], Lane.BULK) for t in ("a", "bad", "b", "c")]
    wait(futures, timeout=20)
    assert [f.exception() is None for f in futures] == [True, False, True, True]
    batcher.close()


def test_a_work_may_answer_a_failure() -> None:
    def decode(key: str, payloads: list[str]) -> list[str]:
        if max(map(len, payloads)) > 3:
            raise RuntimeError("too long")
        return payloads

    def halving(text: str) -> Generator[Sequence[Wanted[str]], list[Any], str]:
        try:
            (whole,) = yield [Wanted("k", len(text), text)]
        except RuntimeError:
            half = len(text) // 2
            parts = yield [Wanted("k", half, text[:half]), Wanted("k", half, text[half:])]
            return "+".join(parts)
        return str(whole)

    batcher = Batcher(decode)
    assert batcher.submit([halving("abcdef"), halving("ab")], Lane.BULK).result(20) == [
        "abc+def",
        "ab",
    ]
    batcher.close()


def test_work_that_needs_nothing_is_done_at_once() -> None:
    batcher = Batcher(Gate())
    assert batcher.submit([work("x", steps=0)] * 0, Lane.BULK).result(0) == []
    assert batcher.submit([work("x", steps=0)], Lane.BULK).result(0) == ["x"]
    batcher.close()


def test_many_steps_and_many_callers() -> None:
    batcher = Batcher(Gate(), budget=40)
    futures: list[Future[list[str]]] = [
        batcher.submit([work(f"{n}a", steps=3), work(f"{n}b", "other", 2)], Lane(n % 2))
        for n in range(50)
    ]
    assert [f.result(20) for f in futures] == [[f"{n}A", f"{n}B"] for n in range(50)]
    batcher.close()


def test_closing_fails_what_waits() -> None:
    gate = Gate(open_=False)
    batcher = Batcher(gate, budget=1, workers=1, wait=0)
    running = batcher.submit([work("x")], Lane.BULK)
    assert gate.entered.wait(20)
    waiting = batcher.submit([work("y")], Lane.BULK)
    closer = threading.Thread(target=batcher.close)
    closer.start()
    with pytest.raises(Cancelled):
        waiting.result(20)
    gate.opened.set()
    closer.join(20)
    assert running.done()
    with pytest.raises(Cancelled):
        batcher.submit([work("z")], Lane.BULK)
