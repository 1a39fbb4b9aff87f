"""The requests of a run to the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest
from ingest.plan import Plan, PlanError, page_size

from contract.table.source import MANUAL, Source
from tests.dags.tables import READINGS, USERS

BEGIN = datetime(2026, 11, 22, 12, 0, 0, tzinfo=timezone.utc)
PARAMS: dict[str, Any] = {
    "seed": None,
    "count": None,
    "batch_size": None,
    "rate": 1.0,
    "nat": None,
}
assert USERS.source
assert READINGS.source
PEOPLE: Source = USERS.source
FINITE: Source = READINGS.source


def plan(run_id: str = "scheduled__1", **params: Any) -> Plan:
    return Plan.from_params(PEOPLE, PARAMS | params, run_id, BEGIN)


@pytest.mark.parametrize(
    ("requested", "rate", "count", "size"),
    [
        (None, 1.0, None, 10),
        (None, 200.0, 6_000, 2_000),
        (None, 0.01, None, 1),
        (None, 10_000.0, None, 5_000),
        (None, 0, None, 5_000),
        (None, 0, 300, 300),
        (None, 0, 12_000, 5_000),
        (250, 0, 12_000, 250),
    ],
)
def test_page_size(requested: int | None, rate: float, count: int | None, size: int) -> None:
    assert page_size(PEOPLE, requested, rate, count) == size


def test_an_api_without_a_size_decides_itself() -> None:
    assert page_size(Source("http://a"), None, 1.0, 50) is None


def test_a_scheduled_run_lasts_until_the_next_one() -> None:
    assert plan().until == BEGIN.timestamp() + 300
    assert (plan().count, plan().page_size, plan().rate) == (None, 10, 1.0)
    daily = replace(PEOPLE, schedule="0 3 * * *")
    assert Plan.from_params(daily, PARAMS, "r", BEGIN).until == BEGIN.timestamp() + 86_400
    manual = replace(PEOPLE, schedule=MANUAL)
    assert Plan.from_params(manual, PARAMS, "r", BEGIN).until == BEGIN.timestamp() + 300


def test_a_run_with_a_count_has_no_end_time() -> None:
    counted = plan(count=120, batch_size=50, rate=0)
    assert (counted.until, counted.count, counted.page_size) == (None, 120, 50)


def test_an_endless_run_without_a_limit_is_refused() -> None:
    with pytest.raises(PlanError, match="rate 0 has no end: give a count"):
        plan(rate=0)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"rate": 0.0001, "count": 2}, "after 10,000 s, and a run waits at most 600 s. "
         "Give a rate of at least 0.0017$"),
        ({"rate": 1.0, "count": 9_000, "batch_size": 5_000},
         "Give a rate of at least 8.3, or a smaller batch_size$"),
    ],
)  # fmt: skip
def test_a_run_that_would_only_wait_is_refused(params: dict[str, Any], message: str) -> None:
    with pytest.raises(PlanError, match=message):
        plan(**params)


def test_a_slow_run_is_accepted() -> None:
    assert plan(rate=0.0001, count=1).page_size == 1
    assert plan(rate=0.002, count=2).rate == 0.002
    assert plan(rate=0.0001).until is not None, "it ends when the next one begins"


def test_a_source_that_ends_may_be_read_as_fast_as_possible() -> None:
    params = {"count": None, "batch_size": None, "rate": 0, "since": 7}
    whole = Plan.from_params(FINITE, params, "manual__1", BEGIN)
    assert (whole.rate, whole.count, whole.page_size) == (0, None, 100)
    assert whole.until is None, "the rest of the source would never be read"
    assert whole.query == {"since": 7}
    assert whole.run == "manual__1"


def test_every_attempt_of_a_run_has_the_same_seed() -> None:
    first, second = plan(), plan()
    assert first.query == second.query == {"seed": first.run}
    assert first.run != plan("scheduled__2").run
    assert plan(seed="mine", nat="de").query == {"seed": "mine", "nat": "de"}
    assert plan(seed="mine").run == "mine"
