"""The writer's treatment of a batch: rows, deletes, dead letters, lost writes, new schemas."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import pytest
from pyspark.sql import DataFrame, SparkSession
from riada_stream.sink.cassandra_store import CassandraStore
from riada_stream.sink.dead_letter_limit import DeadLetterLimit, TooManyDeadLettersError
from riada_stream.sink.event_writer import EventWriter, SchemaChangedError
from riada_stream.sink.write_counts import WriteCounts
from riada_stream.source.decode import decode_events
from riada_stream.source.registry import UnknownColumnError
from riada_stream.source.schemas import Schemas
from riada_stream.source.validation import validated

from contract.table.table import Table
from tests.spark.in_memory import (
    InMemoryDeadLetters,
    InMemoryPosition,
    InMemoryRegistry,
    InMemorySession,
)
from tests.spark.samples import (
    ID,
    ORDERS,
    ORDERS_SCHEMAS,
    PERSON,
    SCHEMAS,
    USERS,
    VERSION,
    Pair,
    key,
    order,
    records,
    value,
)

OTHER = ID.replace("0f3a", "1f3a")
NEW_SCHEMA = 99


class Sink:
    """An EventWriter with its components in memory."""

    def __init__(
        self,
        position: InMemoryPosition | None = None,
        registry: InMemoryRegistry | None = None,
        limit: DeadLetterLimit | None = None,
        table: Table = USERS,
    ) -> None:
        self.cassandra = InMemorySession(parts=len(table.key))
        self.position = position or InMemoryPosition()
        self.registry = registry or InMemoryRegistry(SCHEMAS)
        self.dead_letters = InMemoryDeadLetters()
        self.writer = EventWriter(
            table,
            lambda: "r1",
            self.registry,
            CassandraStore(self.cassandra),
            self.position,
            limit or DeadLetterLimit(),
            self.cassandra.write_rows,
            self.dead_letters.send,
        )


Batch = Callable[[Sequence[Pair]], DataFrame]


@pytest.fixture
def batch(spark: SparkSession) -> Batch:
    def batch(pairs: Sequence[Pair]) -> DataFrame:
        events = decode_events(records(spark, pairs), USERS, SCHEMAS)
        return validated(events, USERS).drop("event")

    return batch


def event(row_id: str = ID, version: int = VERSION, deleted: bool = False) -> Pair:
    fields = {"id": row_id, "__version": str(version), "__deleted": str(deleted).lower()}
    return key(row_id), value(PERSON | fields)


@pytest.mark.parametrize("method", ["bulk", "one_by_one"])
def test_events_become_rows_deletes_and_dead_letters(batch: Batch, method: str) -> None:
    sink = Sink()
    sink.cassandra.rows[OTHER,] = 1
    pairs = [event(), event(OTHER, VERSION + 1, deleted=True), (None, None)]
    assert getattr(sink.writer, method)(batch(pairs)) == WriteCounts(1, 1, 1)
    assert sink.cassandra.rows == {(ID,): VERSION}
    assert sink.dead_letters.reasons == ["null value"]


def test_without_invalid_events_nothing_is_sent(batch: Batch) -> None:
    sink = Sink()
    sink.writer.bulk(batch([event()]))
    assert sink.dead_letters.headers == []


def test_a_row_that_cassandra_refuses_is_a_dead_letter(batch: Batch) -> None:
    sink = Sink()
    sink.cassandra.refused = {(ID,)}
    assert sink.writer.one_by_one(batch([event(), event(OTHER)])) == WriteCounts(1, 0, 1)
    assert sink.dead_letters.reasons == ["refused by Cassandra: no"]
    assert sink.cassandra.rows == {(OTHER,): VERSION}


def test_a_lost_upsert_is_written_again_and_logged(
    batch: Batch, caplog: pytest.LogCaptureFixture
) -> None:
    """Offset 0 is in the sample that is read back."""
    sink = Sink()
    sink.cassandra.lost_upserts = 1
    with caplog.at_level(logging.ERROR):
        sink.writer.bulk(batch([event()]))
    assert sink.cassandra.rows == {(ID,): VERSION}
    assert "LOST: 1 acknowledged upserts" in caplog.text


def test_an_upsert_that_a_delete_of_the_batch_follows_is_not_written_again(
    batch: Batch, caplog: pytest.LogCaptureFixture
) -> None:
    sink = Sink()
    sink.writer.bulk(batch([event(), event(version=VERSION + 1, deleted=True)]))
    assert sink.cassandra.rows == {}
    assert "LOST" not in caplog.text


def test_a_version_above_the_bound_is_a_dead_letter(batch: Batch) -> None:
    sink = Sink(InMemoryPosition(VERSION))
    assert sink.writer.bulk(batch([event(), event(OTHER, VERSION + 1)])) == WriteCounts(1, 0, 1)
    assert sink.dead_letters.reasons[0].startswith(f"version {VERSION + 1} is beyond what")


def test_a_version_above_the_bound_is_valid_when_the_position_has_moved(batch: Batch) -> None:
    """The writer reads the position again, after the time of the event."""
    sink = Sink(InMemoryPosition(VERSION, published=VERSION + 1))
    assert sink.writer.bulk(batch([event(OTHER, VERSION + 1)])) == WriteCounts(1, 0, 0)
    assert len(sink.position.refreshed) == 1
    assert sink.position.refreshed[0] > 0


def test_a_new_schema_of_the_registry_restarts_the_query(batch: Batch) -> None:
    sink = Sink(registry=InMemoryRegistry(SCHEMAS, {NEW_SCHEMA: SCHEMAS.values[7]}))
    with pytest.raises(SchemaChangedError, match=r"\[99\]"):
        sink.writer.bulk(batch([(key(), value(schema_id=NEW_SCHEMA))]))
    assert sink.dead_letters.headers == []


def test_an_event_of_an_unknown_schema_is_a_dead_letter(batch: Batch) -> None:
    sink = Sink()
    sink.writer.bulk(batch([(key(), value(schema_id=NEW_SCHEMA))]))
    assert sink.dead_letters.reasons == [f"unknown schema id {NEW_SCHEMA}"]


def test_a_schema_with_an_unknown_column_halts(batch: Batch) -> None:
    registry = InMemoryRegistry(SCHEMAS, {NEW_SCHEMA: SCHEMAS.values[7]})
    registry.unknown_columns[NEW_SCHEMA] = ("nickname",)
    sink = Sink(registry=registry)
    with pytest.raises(UnknownColumnError, match="nickname"):
        sink.writer.bulk(batch([(key(), value(schema_id=NEW_SCHEMA))]))
    assert sink.dead_letters.headers == []


def test_too_many_dead_letters_halt_and_are_not_sent(batch: Batch) -> None:
    sink = Sink(limit=DeadLetterLimit(max_share=0.5, min_events=3))
    with pytest.raises(TooManyDeadLettersError, match=r"2 of the last 3 events .* null value"):
        sink.writer.bulk(batch([event(), (None, None), (key(), None)]))
    assert sink.dead_letters.headers == []


@pytest.mark.parametrize("method", ["bulk", "one_by_one"])
def test_rows_with_a_key_of_two_columns(spark: SparkSession, method: str) -> None:
    """A delete removes its own row, and leaves the one that shares the first column."""
    sink = Sink(registry=InMemoryRegistry(ORDERS_SCHEMAS), table=ORDERS)
    sink.cassandra.rows = {(42, "µ 1"): 1, (42, "µ 2"): 1}
    later = {"__version": str(VERSION + 1), "__deleted": "true", "gr__e": "µ 2"}
    pairs = [order(), order(later), (None, order()[1])]
    events = decode_events(records(spark, pairs), ORDERS, ORDERS_SCHEMAS)
    frame = validated(events, ORDERS).drop("event", "event_key")
    assert getattr(sink.writer, method)(frame) == WriteCounts(1, 1, 1)
    assert sink.cassandra.rows == {(42, "µ 1"): VERSION}
    assert sink.dead_letters.reasons == ["null key"]


def test_a_new_schema_of_a_key_restarts_the_query(spark: SparkSession) -> None:
    registry = InMemoryRegistry(Schemas(ORDERS_SCHEMAS.values), {3: ORDERS_SCHEMAS.keys[3]})
    sink = Sink(registry=registry, table=ORDERS)
    events = decode_events(records(spark, [order()]), ORDERS, registry.schemas)
    with pytest.raises(SchemaChangedError, match=r"\[3\]"):
        sink.writer.bulk(validated(events, ORDERS).drop("event", "event_key"))
    assert sink.dead_letters.headers == []
