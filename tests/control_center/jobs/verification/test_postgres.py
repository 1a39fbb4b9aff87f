"""Rows and keys of PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from control_center.jobs.verification.connections import Connections
from control_center.jobs.verification.postgres import (
    PAGE,
    PAGE_BYTES,
    PostgresReader,
    of_blocks,
    page_of,
)
from control_center.jobs.verification.stores import Snapshot
from tests.control_center.in_memory_clients import InMemoryClients, person
from tests.control_center.sample_tables import USERS

HELD, GONE = UUID(int=1), UUID(int=2)


@pytest.fixture
def clients(tmp_path: Path) -> InMemoryClients:
    clients = InMemoryClients(tmp_path)
    clients.database.rows["users"] = {str(HELD): person(str(HELD), "Oslo")}
    return clients


def test_keys_without_a_row(clients: InMemoryClients) -> None:
    reader = PostgresReader(clients, Connections(clients), USERS)
    assert reader.unknown([(HELD,)]) == []
    assert len(clients.database.roles) == 1, "a count is enough"
    assert reader.unknown([(HELD,), (GONE,)]) == [str(GONE)]


def test_a_key_that_no_row_can_have_is_unknown(clients: InMemoryClients) -> None:
    assert PostgresReader(clients, Connections(clients), USERS).unknown(
        [(HELD,), ("no uuid",)]
    ) == ["no uuid"]


@pytest.mark.parametrize(
    ("row_bytes", "rows"),
    [(0.0, PAGE), (400.0, PAGE), (PAGE_BYTES / 10, 10), (PAGE_BYTES * 3.0, 1)],
)
def test_memory_holds_a_bounded_number_of_bytes(row_bytes: float, rows: int) -> None:
    assert page_of(Snapshot(1, 2, 3.0, 4, 5, row_bytes)) == rows


def test_ranges_of_blocks() -> None:
    assert of_blocks(3, 5, 170000) == (
        "ctid >= %s::tid AND ctid < %s::tid",
        ["(3,0)", "(5,0)"],
    )
    condition, parameters = of_blocks(3, 5, 130012)
    assert condition.startswith("ctid = ANY")
    assert parameters[:2] == [3, 4]
