"""Which rows differ, and the totals of each store."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession
from riada_stream.comparison.compared import (
    compared,
    first_undecodable,
    offset_summary,
    summary,
    totals,
    unknown_schemas,
)
from riada_stream.comparison.digests import SCHEMA, Store, StoredRow
from riada_stream.comparison.topic import REFUSED, UNDECODABLE, UNKNOWN_SCHEMA

from contract.jobs.compare import StoreSummary, UnaccountedOffset
from contract.jobs.spark_comparison import ComparisonRequest, Span

HIGH = "f" * 32  # the largest digest: sums of it exceed 128 bits
A, B = "0123456789abcdef" * 2, "a" * 32
REQUEST = ComparisonRequest("1", "users", (Span(0, 2, 12),), (Span(0, 0, 1),), 3)


def stored(key: str, digest: str) -> list[StoredRow]:
    """PostgreSQL and Cassandra hold the same row."""
    return [StoredRow(store.value, key, digest) for store in (Store.POSTGRES, Store.CASSANDRA)]


def event(key: str, digest: str | None, version: int, offset: int = 0) -> StoredRow:
    return StoredRow(Store.TOPIC.value, key, digest, version, 0, offset)


def message(offset: int, text: str) -> StoredRow:
    return StoredRow(Store.TOPIC.value, None, None, None, 0, offset, text)


def of(spark: SparkSession, rows: list[StoredRow], expired: bool = False) -> DataFrame:
    """The rows of each store are a frame of their own."""
    frames = [
        spark.createDataFrame([row for row in rows if row.store == store.value], SCHEMA)
        for store in Store
    ]
    return compared(frames, expired)


def differing(frame: DataFrame) -> dict[str, tuple[str | None, str | None, str | None]]:
    rows = frame.where("differs").collect()
    return {row.key: (row.postgres, row.topic, row.cassandra) for row in rows}


def test_every_difference_is_found(spark: SparkSession) -> None:
    frame = of(
        spark,
        [
            *stored("equal", A), event("equal", A, 1),
            StoredRow("postgres", "missing", A), event("missing", A, 1),
            StoredRow("cassandra", "extra", A),
            *stored("not on the topic", A),
            StoredRow("postgres", "stale", B), StoredRow("cassandra", "stale", A),
            event("stale", A, 1), event("stale", B, 2),
            event("undead", A, 1), event("undead", None, 2), StoredRow("cassandra", "undead", A),
        ],
    )  # fmt: skip
    assert differing(frame) == {
        "missing": (A, A, None),
        "extra": (None, None, A),
        "not on the topic": (A, None, A),
        "stale": (B, B, A),
        "undead": (None, None, A),
    }


def test_the_highest_version_counts_and_not_the_last_event(spark: SparkSession) -> None:
    rows = [*stored("a", B), event("a", B, 7, offset=3), event("a", A, 6, offset=4)]
    frame = of(spark, rows)
    assert differing(frame) == {}
    (row,) = frame.collect()
    assert (row.newest.version, row.newest.offset) == (7, 3)
    (row,) = of(spark, [*rows, event("a", B, 7, offset=5)]).collect()
    assert (row.newest.version, row.newest.offset) == (7, 5)


def test_a_deleted_row_is_equal_where_no_store_has_it(spark: SparkSession) -> None:
    frame = of(spark, [event("a", A, 1), event("a", None, 2)])
    assert differing(frame) == {}
    assert summary(totals(frame), Store.TOPIC) == StoreSummary(0, "0" * 32)


def test_rows_whose_events_have_expired_are_not_summed(spark: SparkSession) -> None:
    rows = [*stored("old", A), *stored("new", B), event("new", B, 1)]
    rows.append(StoredRow("postgres", "lost", A))
    row = totals(of(spark, rows, expired=True))
    assert (row["expired"], row["differing"]) == (1, 1)
    assert summary(row, Store.CASSANDRA) == StoreSummary(1, B)
    assert totals(of(spark, rows))["differing"] == 2


def test_the_checksum_is_that_of_the_contract(spark: SparkSession) -> None:
    rows = [StoredRow("postgres", key, HIGH) for key in "abc"]
    row = summary(totals(of(spark, [*rows, StoredRow("postgres", "d", A)])), Store.POSTGRES)
    expected = (3 * int(HIGH, 16) + int(A, 16)) % 2**128
    assert row == StoreSummary(4, f"{expected:032x}")


def test_every_message_has_a_fate(spark: SparkSession) -> None:
    events = [
        event("a", A, 1, 2), event("a", A, 2, 3), event("b", B, 3, 4),
        message(5, REFUSED), message(6, REFUSED),
        message(8, f"{UNDECODABLE}no"), message(7, f"{UNDECODABLE}no"),
    ]  # fmt: skip
    frame = of(spark, [*stored("a", A), *stored("b", B), *events])
    assert differing(frame) == {}
    undecodable = first_undecodable(spark.createDataFrame(events, SCHEMA))
    offsets = offset_summary(totals(frame), REQUEST, undecodable)
    assert (offsets.expected, offsets.read, offsets.events) == (10, 7, 3)
    assert (offsets.dead_letters, offsets.undecodable, offsets.unaccounted) == (2, 2, 2)
    assert offsets.unaccounted_first == (
        UnaccountedOffset(0, 7, "no"),
        UnaccountedOffset(0, 8, "no"),
    )


def test_empty_stores_are_equal(spark: SparkSession) -> None:
    row = totals(of(spark, []))
    assert (row["differing"], row["read"]) == (0, 0)
    assert summary(row, Store.POSTGRES) == StoreSummary(0, "0" * 32)


def test_the_schemas_that_messages_name(spark: SparkSession) -> None:
    texts = [f"{UNKNOWN_SCHEMA}{number}, which" for number in (12, 7, 12)]
    rows = [message(offset, text) for offset, text in enumerate([*texts, f"{UNDECODABLE}no"])]
    assert unknown_schemas(of(spark, rows)) == [7, 12]
