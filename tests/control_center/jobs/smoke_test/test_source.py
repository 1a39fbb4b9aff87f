"""The source's items are sorted as the DAG sorts them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contract.table import file
from contract.table.pagination import NoPagination
from control_center.jobs.smoke_test.from_source import conf
from control_center.jobs.smoke_test.source import SourceRows, page_size, parameters
from tests.control_center.sample_tables import USERS

EVENTS = file.read(
    "events",
    """
    key = ["id"]
    [columns]
    id = "int4"
    twice = "int4 null generated"
    city = "text from place.city"
    [source]
    url = "http://api/events"
    """,
)


def item(number: object, city: object) -> dict[str, Any]:
    return {"id": number, "place": {"city": city}}


def test_the_last_of_repeated_items_counts() -> None:
    rows = SourceRows(EVENTS)
    rows.add([item(1, "Lyon"), item(2, None), "not an object"])
    rows.add([item(1, "Essen")])
    assert rows == SourceRows(EVENTS, {"1": (1, None, "Essen")}, refused=2, repeated=1)
    assert rows.received == 4


def test_a_run_of_a_source_with_a_seed() -> None:
    assert USERS.source
    assert conf(USERS.source, "s", 5000) == {
        "seed": "s",
        "batch_size": 1000,
        "count": 5000,
        "rate": 0,
    }


def test_a_run_of_a_source_without_parameters() -> None:
    assert EVENTS.source
    assert parameters(EVENTS.source, "s") == {}
    assert conf(EVENTS.source, "s", 10) == {"count": 10, "rate": 0}


@pytest.mark.parametrize(
    ("size", "largest", "count", "expected"),
    [("", None, 50, None), ("n", None, 50, 50), ("n", 20, 50, 20), ("n", None, 9999, 1000)],
)
def test_the_size_of_a_page(
    size: str, largest: int | None, count: int, expected: int | None
) -> None:
    assert EVENTS.source
    source = replace(EVENTS.source, pagination=NoPagination(size=size, largest=largest))
    assert page_size(source, count) == expected
