"""The path of a row's newest change, as far as it has come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from contract.kafka.offsets import TopicOffset
from contract.stores.cassandra.batches import BatchRecord
from contract.stream.trace import Batch, Commit, RowTrace, StageMilliseconds, TopicEvent, Write
from contract.table.instant import milliseconds
from control_center.pipeline.row_repository import Origin
from control_center.pipeline.trace import CLOCKS, RECORDED, UnknownRowError, trace
from tests.control_center.sample_tables import USERS

ID = "0d5f1c2e-0000-4000-8000-00000000000a"
EMAIL = "ana@example.org"
COMMITTED = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PLACE = TopicOffset(2, 40)
ORIGIN = Origin(0x16B3748, milliseconds(COMMITTED), PLACE)


def at(seconds: float) -> datetime:
    return COMMITTED + timedelta(seconds=seconds)


BATCH = BatchRecord(7, at(1), at(1.5), {2: 40}, {2: 41}, 5, 2, 1, "abc", "driver-1")


class InMemoryStages:
    """One row in PostgreSQL; each test sets the other stages."""

    def __init__(self) -> None:
        self.by_value = {("email", EMAIL): ID}
        self.row: Origin | None = ORIGIN
        self.produced: datetime | None = at(0.25)
        self.record: BatchRecord | None = BATCH
        self.after: list[datetime] = []

    def holds(self, key: str) -> bool:
        return key == ID

    def key_by(self, column: str, text: str) -> str | None:
        return self.by_value.get((column, text))

    def origin(self, key: str) -> Origin | None:
        assert key == ID
        return self.row

    def on_topic_at(self, offset: TopicOffset) -> datetime | None:
        assert offset == PLACE
        return self.produced

    def batch(self, offset: TopicOffset, after: datetime) -> BatchRecord | None:
        assert offset == PLACE
        self.after.append(after)
        return self.record


@pytest.fixture
def stages() -> InMemoryStages:
    return InMemoryStages()


def test_a_change_that_has_arrived(stages: InMemoryStages) -> None:
    assert trace(stages, USERS, ID, at(2)) == RowTrace(
        table="users",
        key=ID,
        arrived=True,
        postgres=Commit("2026-11-22T12:00:00.000+00:00", "0/16B3748"),
        kafka=TopicEvent(2, 40, "2026-11-22T12:00:00.250+00:00"),
        spark=Batch(7, "2026-11-22T12:00:01.000+00:00", "abc", 7),
        cassandra=Write("2026-11-22T12:00:01.500+00:00"),
        milliseconds=StageMilliseconds(250, 750, 500, 1500),
    )


def test_batches_are_searched_from_the_commit_with_a_margin_for_clocks(
    stages: InMemoryStages,
) -> None:
    trace(stages, USERS, EMAIL, at(2))
    assert stages.after == [COMMITTED - CLOCKS]


@pytest.mark.parametrize("row", [None, Origin(None, None, None)])
def test_a_row_in_postgresql_alone_has_not_arrived(
    stages: InMemoryStages, row: Origin | None
) -> None:
    stages.row = row
    expected = RowTrace("users", ID, False, Commit(), None, None, None, StageMilliseconds())
    assert trace(stages, USERS, ID, at(999)) == expected


def test_a_row_whose_batch_is_not_recorded_yet_has_not_arrived(stages: InMemoryStages) -> None:
    stages.record = None
    early = trace(stages, USERS, ID, COMMITTED + RECORDED)
    assert (early.arrived, early.spark, early.cassandra) == (False, None, Write(None))
    late = trace(stages, USERS, ID, COMMITTED + RECORDED + timedelta(milliseconds=1))
    assert (late.arrived, late.spark) == (True, None)


def test_an_event_that_retention_deleted_has_no_time(stages: InMemoryStages) -> None:
    stages.produced = None
    result = trace(stages, USERS, ID, at(2))
    assert result.kafka == TopicEvent(2, 40, None)
    assert result.milliseconds == StageMilliseconds(None, None, 500, 1500)


@pytest.mark.parametrize("committed_ms", [None, 10**18])
def test_a_commit_time_that_python_cannot_hold_is_not_searched_for(
    stages: InMemoryStages, committed_ms: int | None
) -> None:
    stages.row = Origin(5, committed_ms, PLACE)
    result = trace(stages, USERS, ID, at(2))
    assert (result.arrived, result.spark) == (True, None)
    assert result.postgres == Commit(None, "0/5")
    assert stages.after == []


def test_a_commit_before_1970_is_searched_from_1970(stages: InMemoryStages) -> None:
    stages.row = Origin(5, -(10**12), PLACE)
    trace(stages, USERS, ID, at(2))
    assert stages.after == [datetime(1970, 1, 1, tzinfo=UTC) - CLOCKS]


@pytest.mark.parametrize(
    "key", ["nobody", "", ID[:-1], f"{ID} ", ID[:-1] + "b", "bo@example.org", "x" * 300]
)
def test_an_unknown_key_is_an_error(stages: InMemoryStages, key: str) -> None:
    expected = "this key .id. or this value in email, country, registered_at"
    with pytest.raises(UnknownRowError, match=expected):
        trace(stages, USERS, key, at(2))


def test_a_trace_comes_back_from_json_unchanged(stages: InMemoryStages) -> None:
    result = trace(stages, USERS, ID, at(2))
    assert RowTrace.from_json(result.to_json()) == result


def test_a_value_is_searched_only_in_columns_that_can_hold_it(stages: InMemoryStages) -> None:
    stages.by_value = {("registered_at", "2026-11-22T12:00:00+00:00"): ID, ("email", "x" * 300): ID}
    assert trace(stages, USERS, "2026-11-22T12:00:00Z", at(2)).key == ID
    stages.by_value |= {("city", "Oslo"): ID}
    with pytest.raises(UnknownRowError):
        trace(stages, USERS, "Oslo", at(2))
    with pytest.raises(UnknownRowError):
        trace(stages, USERS, "x" * 300, at(2))
