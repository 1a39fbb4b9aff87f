"""The rows of all stores side by side: one group for each key, which sorts and spills on the
executors."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F

from contract.jobs.compare import OffsetSummary, StoreSummary, UnaccountedOffset
from contract.jobs.spark_comparison import ComparisonRequest
from contract.table.digest import MODULUS
from riada_stream.comparison.digests import Store
from riada_stream.comparison.topic import REFUSED, UNDECODABLE, UNKNOWN_SCHEMA
from riada_stream.source.registry import MAX_IDS

LISTED = 20
# A digest in parts whose sums are exact.
WORDS = range(4)
WORD_DIGITS, WORD_BITS = 8, 32


def compared(rows: Iterable[DataFrame], has_expired_events: bool) -> DataFrame:
    """`rows`: of digests.SCHEMA. Returns for each key `postgres`, `topic` and `cassandra` (the
    digests, null in a store without the row), `newest` (its newest event), `expired` and `differs`.
    Other messages are not keys: `message` names them. `messages`: how many the topic has of the
    key or of that name."""
    is_event = F.col("store") == Store.TOPIC.value
    groups = reduce(DataFrame.union, rows).groupBy("key", "message")
    grouped = groups.agg(
        _digest_in(Store.POSTGRES).alias("postgres"),
        _digest_in(Store.CASSANDRA).alias("cassandra"),
        # Invariant 3: the event with the highest version counts.
        F.max(F.when(is_event, F.struct("version", "partition", "offset", "digest"))).alias(
            "newest"
        ),
        F.count(F.when(is_event, True)).alias("messages"),
    )
    postgres, topic, cassandra = F.col("postgres"), F.col("topic"), F.col("cassandra")
    is_row = F.col("message").isNull()
    # Like control_center/jobs/compare/reconcile.py: retention has deleted its events.
    expired = F.lit(has_expired_events) & F.col("newest").isNull() & postgres.eqNullSafe(cassandra)
    differs = ~(postgres.eqNullSafe(topic) & postgres.eqNullSafe(cassandra))
    return (
        grouped.withColumn("topic", F.col("newest.digest"))
        .withColumn("expired", is_row & expired)
        .withColumn("differs", is_row & ~F.col("expired") & differs)
    )


def _digest_in(store: Store) -> Column:
    return F.max(F.when(F.col("store") == store.value, F.col("digest")))


def totals(compared: DataFrame) -> Row:
    """One row with the columns of summaries(), `differing`, `expired` and the numbers of
    messages."""
    sums = []
    for store in Store:
        counted = F.when(~F.col("expired"), F.col(store.value))
        sums.append(F.count(counted).alias(store.value))
        for word in WORDS:
            digits = F.substring(counted, 1 + WORD_DIGITS * word, WORD_DIGITS)
            number = F.conv(digits, 16, 10).cast("bigint")
            sums.append(F.coalesce(F.sum(number), F.lit(0)).alias(f"{store.value}_{word}"))
    is_row, is_refused = F.col("message").isNull(), F.col("message") == REFUSED
    row = compared.agg(
        *sums,
        F.count(F.when(F.col("differs"), True)).alias("differing"),
        F.count(F.when(F.col("expired"), True)).alias("expired"),
        _messages(F.lit(True)).alias("read"),
        _messages(is_row).alias("events"),
        _messages(is_refused).alias("refused"),
    ).first()
    assert row is not None
    return row


def _messages(condition: Column) -> Column:
    return F.coalesce(F.sum(F.when(condition, F.col("messages"))), F.lit(0))


def summary(totals: Row, store: Store) -> StoreSummary:
    """Count and checksum, equal to those of contract.table.digest.checksum."""
    last = WORDS[-1]
    checksum = sum(totals[f"{store.value}_{word}"] << (WORD_BITS * (last - word)) for word in WORDS)
    return StoreSummary(totals[store.value], f"{checksum % MODULUS:032x}")


def offset_summary(
    totals: Row, request: ComparisonRequest, undecodable: Iterable[UnaccountedOffset]
) -> OffsetSummary:
    """Every message without a dead letter that cannot be decoded is unaccounted for. `undecodable`:
    the first of them."""
    unaccounted = totals["read"] - totals["events"] - totals["refused"]
    return OffsetSummary(
        expected=request.messages,
        read=totals["read"],
        events=totals["events"],
        dead_letters=totals["refused"],
        undecodable=unaccounted,
        unaccounted=unaccounted,
        unaccounted_first=tuple(undecodable),
    )


def unknown_schemas(compared: DataFrame) -> list[int]:
    """The ids of schemas that messages name and the frame's schemas lack: the first ones."""
    pattern = f"^{UNKNOWN_SCHEMA}([0-9]+)"
    rows = (
        compared.where(F.col("message").startswith(UNKNOWN_SCHEMA))
        .select(F.regexp_extract("message", pattern, 1).cast("bigint").alias("id"))
        .distinct()
        .orderBy("id")
        .limit(MAX_IDS)
        .collect()
    )
    return [row.id for row in rows]


def first_undecodable(messages: DataFrame) -> list[UnaccountedOffset]:
    """Of the rows of the topic, the first that cannot be decoded."""
    rows = (
        messages.where(F.col("message").startswith(UNDECODABLE))
        .orderBy("partition", "offset")
        .limit(LISTED)
        .collect()
    )
    return [
        UnaccountedOffset(row.partition, row.offset, row.message.removeprefix(UNDECODABLE))
        for row in rows
    ]
