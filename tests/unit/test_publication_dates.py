from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from service.errors import BadInput
from service.ingest.dates import published

NOW = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-01-27", "2026-01-27T00:00"),
        ("2026-01-27T17:40:00Z", "2026-01-27T17:40"),
        ("2026-01-27T17:40:00+02:00", "2026-01-27T15:40"),
        ("2026-01-27 17:40", "2026-01-27T17:40"),
        ("2026-01-27 09:30:00 +0300", "2026-01-27T06:30"),
        ("2026/01/27", "2026-01-27T00:00"),
        ("20260127", "2026-01-27T00:00"),
        ("Tue, 27 Jan 2026 17:40:00 +0200", "2026-01-27T15:40"),
        ("Tue, 27 Jan 2026 17:40:00 GMT", "2026-01-27T17:40"),
        ("27.01.2026", "2026-01-27T00:00"),
        ("27.1.2026 г.", "2026-01-27T00:00"),
        ("17:40, 27.01.2026", "2026-01-27T17:40"),
        ("27/01/2026", "2026-01-27T00:00"),
        ("01/27/2026", "2026-01-27T00:00"),
        ("27 января 2026 года, 17:40 МСК", "2026-01-27T14:40"),
        ("вівторок, 27 січня 2026 р. о 17:40", "2026-01-27T17:40"),
        ("January 27, 2026, 5:40 p.m. EST", "2026-01-27T22:40"),
        ("27 May 2025", "2025-05-27T00:00"),
        ("27 мая 2025", "2025-05-27T00:00"),
        ("3 березня 2025", "2025-03-03T00:00"),
        (1769535600, "2026-01-27T17:40"),
        ("1769535600000", "2026-01-27T17:40"),
    ],
)
def test_the_usual_forms_are_read_into_utc(written: str | int, moment: str) -> None:
    assert published(written, now=NOW) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "yesterday",
        "32.01.2026",
        "2026-13-01",
        "30 February 2025",
        "27 брюмера 2025",
        "0001-01-01",
        "1970-01-01T00:00:00Z",
        "",
        "2026",
        "27 January 2026 or so",
        "25:99, 27.01.2026",
        True,
        ["2026-01-27"],
    ],
)
def test_nonsense_is_no_date(written: object) -> None:
    with pytest.raises(BadInput, match="is no date; write it as"):
        published(written, now=NOW)


def test_a_date_that_could_be_two_days_is_not_guessed() -> None:
    with pytest.raises(BadInput, match="2026-01-02 or 2026-02-01"):
        published("01/02/2026", now=NOW)
    assert published("01/01/2026", now=NOW).day == 1


def test_the_future_is_refused_beyond_what_clocks_and_zones_explain() -> None:
    assert published("2026-02-02T10:00:00Z", now=NOW) < NOW + timedelta(days=1)
    with pytest.raises(BadInput, match="lies in the future"):
        published("2099-01-01", now=NOW)
