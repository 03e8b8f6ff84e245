"""Every call of the description, fuzzed by schemathesis against the running server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.contract.server import EchoEngine, create_app, running, settings

#: What the calls are; making the application opens nothing.
DESCRIPTION = create_app(settings(Path("never-made")), engine=EchoEngine()).openapi()
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
OPERATIONS = {each.ok().label: each.ok() for each in SCHEMA.get_all_operations()}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    chosen = settings(tmp_path_factory.mktemp("store"), request_characters=2_000)
    with running(create_app(chosen, engine=EchoEngine())) as url:
        yield url


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
@pytest.mark.parametrize("label", OPERATIONS)
def test_no_request_breaks_the_server_or_its_description(
    url: str, label: str, mode: GenerationMode
) -> None:
    operation = OPERATIONS[label]
    takes_nothing = not (operation.body or operation.query or operation.path_parameters)
    if mode is GenerationMode.NEGATIVE and takes_nothing:
        pytest.skip("the call takes nothing that could be wrong")

    @given(case=operation.as_strategy(generation_mode=mode))
    @effort(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def fuzz(case: Case) -> None:
        # A fitting request may be refused for what no schema says: no such id, no such route.
        case.call_and_validate(base_url=url, excluded_checks=[positive_data_acceptance])

    try:
        fuzz()
    except Unsatisfiable:
        pytest.skip("nothing that could be sent would be wrong")
