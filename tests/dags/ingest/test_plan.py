"""The requests of a run to the API."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from ingest.plan import Plan, RunParams, page_size

BEGIN = datetime(2026, 11, 22, 12, 0, 0, tzinfo=timezone.utc)
PARAMS: RunParams = {"seed": None, "people": None, "batch_size": None, "rate": 1.0, "nat": None}


@pytest.mark.parametrize(
    ("requested", "rate", "people", "size"),
    [
        (None, 1.0, None, 10),
        (None, 200.0, 6_000, 2_000),
        (None, 0.01, None, 1),
        (None, 10_000.0, None, 5_000),
        (None, 0, None, 5_000),
        (None, 0, 300, 300),
        (None, 0, 12_000, 5_000),
        (250, 0, 12_000, 250),
        (None, 0, 0, 5_000),
    ],
)
def test_page_size(requested: int | None, rate: float, people: int | None, size: int) -> None:
    assert page_size(requested, rate, people) == size


def test_a_scheduled_run_lasts_until_the_next_one() -> None:
    plan = Plan.from_params(PARAMS, "scheduled__1", BEGIN)
    assert plan.until == BEGIN.timestamp() + 300
    assert (plan.pages, plan.page_size, plan.interval_s) == (None, 10, 10)


def test_a_run_with_a_number_of_people_has_so_many_pages() -> None:
    plan = Plan.from_params(
        PARAMS | {"people": 120, "batch_size": 50, "rate": 0}, "manual__1", BEGIN
    )
    assert (plan.until, plan.pages, plan.interval_s) == (None, 3, 0)
    assert [plan.people_on(page) for page in (1, 2, 3)] == [None, None, 20]


def test_every_attempt_of_a_run_has_the_same_seed() -> None:
    first, second = (Plan.from_params(PARAMS, "scheduled__1", BEGIN) for _ in range(2))
    assert first.seed == second.seed
    assert first.seed != Plan.from_params(PARAMS, "scheduled__2", BEGIN).seed
    assert Plan.from_params(PARAMS | {"seed": "mine"}, "scheduled__1", BEGIN).seed == "mine"
