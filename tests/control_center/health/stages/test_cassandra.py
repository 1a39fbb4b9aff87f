"""Cassandra's nodes and tables, with the latency in the unit that the page names."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import pytest

from control_center.health.stages.cassandra import CassandraTable, describe, whole_ms
from tests.control_center.health.stages.in_memory import clients

Local = namedtuple("Local", "rpc_address data_center rack release_version")
Size = namedtuple("Size", "table_name mebibytes")
Writes = namedtuple("Writes", "table_name writes p99th_ms")
Name = namedtuple("Name", "table_name")


class Answer(list[Any]):
    """Rows, with the driver's method for the first."""

    def __getattr__(self, name: str) -> Any:
        return {"one": lambda: self[0]}[name]


class InMemoryCassandra:
    """Answers the statements of the stage; a write to users took 770 µs, as nodetool has it."""

    def execute(self, query: str) -> Answer:
        if "system.local" in query:
            return Answer([Local("10.0.0.1", "dc1", "r1", "5.0.6")])
        if "disk_usage" in query:
            return Answer([Size("users", 12)])
        if "local_write_latency" in query:
            return Answer([Writes("users", 5000, 0.001)])
        if "system_schema.tables" in query:
            return Answer([Name(name) for name in ("users", "batches")])
        return Answer()


def test_a_table_has_its_p99_in_milliseconds() -> None:
    stage = describe(clients(cassandra=InMemoryCassandra()))
    assert stage.tables == (
        CassandraTable("people.batches", None, None, None),
        CassandraTable("people.users", 12, 5000, 1),
    )


@pytest.mark.parametrize(
    ("written", "expected"), [(0.012, 12), (1.5, 1500), (0.0, 0), (None, None)]
)
def test_the_view_s_unit_is_the_second(written: float | None, expected: int | None) -> None:
    assert whole_ms(written) == expected
