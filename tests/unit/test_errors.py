"""Every error is told the same way over HTTP and on the command line, and none tells too much."""

from __future__ import annotations

import re
from collections.abc import Iterator

import alignment.errors
import models.errors
import service.errors
from service.errors import PROBLEMS, NotFound, body, exit_code, problem, retry_after


def subclasses(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for child in kind.__subclasses__():
        yield from subclasses(child)


ROOTS = (
    service.errors.ServiceError,
    models.errors.ModelError,
    alignment.errors.AlignmentError,
)


def test_each_error_has_its_own_row_or_that_of_a_near_ancestor() -> None:
    listed = {row.error for row in PROBLEMS}
    for root in ROOTS:
        assert root in listed
        for kind in subclasses(root):
            assert kind in listed or kind.__mro__[1] in listed, kind


def test_each_error_stands_in_the_tree_that_its_module_draws() -> None:
    for module in (service.errors, models.errors, alignment.errors):
        drawn = set(re.findall(r"(\w+)\s{2,}\S|^(\w+)$", str(module.__doc__), re.MULTILINE))
        names = {name for pair in drawn for name in pair if name}
        for root in ROOTS:
            for kind in subclasses(root):
                if kind.__module__ == module.__name__:
                    assert kind.__name__ in names, kind


def test_problem_types_are_stable_and_their_own() -> None:
    slugs = [row.slug for row in PROBLEMS]
    assert len(slugs) == len(set(slugs))
    for row in PROBLEMS:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", row.slug)
        assert 400 <= row.status <= 599
        assert row.type == f"urn:parallax:problem:{row.slug}"


def test_every_exit_code_is_documented() -> None:
    documented = {int(code) for code in re.findall(r"^(\d+)  ", str(service.errors.__doc__), re.M)}
    assert {row.exit_code for row in PROBLEMS} | {0, 1, 130} <= documented


def test_the_nearest_class_decides() -> None:
    class Missing(NotFound):
        pass

    assert problem(Missing("event", "evt_x")).slug == "not-found"
    assert exit_code(Missing("event", "evt_x")) == 4
    assert exit_code(KeyboardInterrupt()) == 130
    assert exit_code(ZeroDivisionError()) == 1


def test_a_problem_says_what_happened_where_and_what_to_do() -> None:
    told = body(NotFound("event", "evt_x"), "/v1/events/evt_x")
    assert told["type"] == "urn:parallax:problem:not-found"
    assert told["status"] == 404
    assert told["instance"] == "/v1/events/evt_x"
    assert "evt_x" in told["detail"]


def test_an_unexpected_error_keeps_its_words_to_itself() -> None:
    told = body(RuntimeError("a secret sentence of a document"))
    assert told["status"] == 500
    assert "secret" not in str(told)


def test_errors_that_pass_say_when_to_come_back() -> None:
    assert retry_after(models.errors.Busy(2.5)) == 2.5
    assert retry_after(service.errors.StoreBusy()) == 5.0
    assert retry_after(NotFound("event", "evt_x")) is None
