"""The verdict about a row that was read before and after a barrier."""

from __future__ import annotations

import pytest

from contract.kafka.offsets import TopicOffset
from control_center.jobs.verification.settle import Round, Sighting, Verdict, verdict
from control_center.jobs.verification.stores import CassandraRow, PostgresRow
from tests.control_center.jobs.verification.in_memory_stores import Clock, InMemoryStores, row
from tests.control_center.sample_tables import USERS

BARRIER = 100


def postgres(city: str, version: str = "v1") -> PostgresRow:
    return PostgresRow(row("k", city), version)


def cassandra(city: str, lsn: int = 50) -> CassandraRow:
    return CassandraRow(row("k", city), lsn, TopicOffset(0, lsn))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((postgres("a"), None), (postgres("a"), cassandra("a")), Verdict.EQUAL),
        ((postgres("a"), None), (None, None), Verdict.EQUAL),
        ((postgres("a"), None), (postgres("a"), None), Verdict.DIFFERS),
        ((postgres("a"), cassandra("b")), (postgres("a"), cassandra("b")), Verdict.DIFFERS),
        # Nobody but the pipeline writes an event's row; this one did not become right.
        ((postgres("a"), cassandra("b")), (postgres("a"), cassandra("c", 120)), Verdict.DIFFERS),
        ((None, cassandra("b")), (None, cassandra("b")), Verdict.DIFFERS),
        # changed in between
        ((postgres("a"), cassandra("b")), (postgres("c", "v2"), cassandra("b")), Verdict.OPEN),
        ((postgres("a"), cassandra("b")), (postgres("c", "v2"), cassandra("a")), Verdict.OPEN),
        ((postgres("a"), None), (None, cassandra("a")), Verdict.OPEN),
        ((None, cassandra("b")), (postgres("c"), cassandra("b")), Verdict.OPEN),
        ((None, cassandra("b")), (None, cassandra("b", 120)), Verdict.OPEN),
        ((None, None), (None, cassandra("b", 60)), Verdict.OPEN),
        ((postgres("a"), None), (postgres("c", "v2"), cassandra("b", 120)), Verdict.SUPERSEDED),
        ((postgres("a"), None), (None, cassandra("b", 120)), Verdict.SUPERSEDED),
    ],
)
def test_verdict(
    before: tuple[PostgresRow | None, CassandraRow | None],
    after: tuple[PostgresRow | None, CassandraRow | None],
    expected: Verdict,
) -> None:
    assert verdict(USERS, Sighting(*before), Sighting(*after), BARRIER) is expected


def test_a_round_without_differing_rows_makes_no_barrier() -> None:
    stores = InMemoryStores(Clock())
    stores.change("k1", "Oslo")
    stores.deliver()
    rows = Round(stores, ["k1", "gone"])
    assert sorted(rows.equal) == ["gone", "k1"]
    assert not rows.is_open
    assert rows.verdicts() == {}


def test_a_round_ends_when_its_barrier_has_passed() -> None:
    stores = InMemoryStores(Clock())
    stores.change("k1", "Oslo")
    stores.change("k2", "Rome", lost=True)
    rows = Round(stores, ["k1", "k2"])
    assert rows.verdicts() is None
    stores.deliver()
    verdicts = rows.verdicts()
    assert verdicts is not None
    assert {key: how for key, (how, _) in verdicts.items()} == {
        "k1": Verdict.EQUAL,
        "k2": Verdict.DIFFERS,
    }
