"""The counts and collections of one pass over a batch, made while its rows are written.

The source is read once. Deletes are collected instead of read again, and the number of invalid
events tells whether they need a second pass.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from operator import xor
from typing import Any
from zlib import crc32

from pyspark.sql import Column
from pyspark.sql import functions as F

from contract.kafka.events import schema_id
from contract.table.table import Table
from riada_stream.sink.change import Change
from riada_stream.source.key import compares_bytes
from riada_stream.source.names import row

SAMPLE_EVERY = 100  # the upserts at every 100th offset are read back
MAX_LOGGED = 20


class InconsistentStatsError(Exception):
    """Spark saw some deletes and collected others."""


@dataclass(frozen=True)
class BatchStats:
    """`unknown_ids`, `unknown_key_ids`: ids of schemas that were not known in the pass. `sample`:
    some of the upserts. `beyond_bound_ms`: the latest timestamp (ms) of an event whose version is
    above the bound."""

    upserts: int
    invalid: int
    deletes: tuple[Change, ...]
    unknown_ids: frozenset[int]
    unknown_key_ids: frozenset[int] = frozenset()
    sample: tuple[Change, ...] = ()
    beyond_bound_ms: int | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> BatchStats:
        """The statistics from the values of aggregates(), by name. Raises
        InconsistentStatsError."""
        texts = json.loads(row["deletes"])
        collected, seen = _checksum(texts), row["deletes_checksum"] or 0
        if collected != seen:
            raise InconsistentStatsError(
                f"Spark saw deletes with the checksum {seen}, and collected {len(texts)} "
                f"with the checksum {collected}: {texts[:MAX_LOGGED]}. The batch is retried"
            )
        return cls(
            upserts=row["upserts"],
            invalid=row["invalid"],
            deletes=_changes(texts),
            sample=_changes(json.loads(row["sample"])),
            unknown_ids=_schema_ids(row["unknown_prefixes"]),
            unknown_key_ids=_schema_ids(row["unknown_key_prefixes"]),
            beyond_bound_ms=row["beyond_bound_ms"],
        )


@cache
def aggregates(table: Table) -> list[Column]:
    """Aggregates over validated events, for DataFrame.observe() or agg().

    The collected lists are JSON text, since an Observation returns no lists of structs.
    """
    key = ", ".join(f"{row(column)} AS k{n}" for n, column in enumerate(table.key))
    change = F.expr(f"to_json(struct(struct({key}) AS key, version, partition, offset))")
    is_upsert, is_delete = F.expr("is_valid and not deleted"), F.expr("is_valid and deleted")
    is_sampled = is_upsert & F.expr(f"offset % {SAMPLE_EVERY} = 0")
    has_unknown_schema = F.expr(
        "not has_known_schema and length(value) > 5 and substring(value, 1, 1) = X'00'"
    )
    return [
        F.count(F.when(is_upsert, 1)).alias("upserts"),
        F.count(F.when(~F.col("is_valid"), 1)).alias("invalid"),
        F.to_json(F.collect_list(F.when(is_delete, change))).alias("deletes"),
        F.bit_xor(F.when(is_delete, F.crc32(change.cast("binary")))).alias("deletes_checksum"),
        F.to_json(F.collect_list(F.when(is_sampled, change))).alias("sample"),
        F.to_json(F.collect_set(F.when(has_unknown_schema, F.hex("prefix")))).alias(
            "unknown_prefixes"
        ),
        _unknown_key_prefixes(table).alias("unknown_key_prefixes"),
        F.max(F.when(F.col("is_beyond_bound"), F.unix_millis("timestamp"))).alias(
            "beyond_bound_ms"
        ),
    ]


def _unknown_key_prefixes(table: Table) -> Column:
    if compares_bytes(table):
        return F.max(F.lit("[]"))
    is_unknown = F.expr(
        "not has_known_key_schema and length(key) > 5 and substring(key, 1, 1) = X'00'"
    )
    return F.to_json(F.collect_set(F.when(is_unknown, F.hex("key_prefix"))))


def _checksum(texts: Iterable[str]) -> int:
    return reduce(xor, (crc32(text.encode()) for text in texts), 0)


def _schema_ids(prefixes: str | None) -> frozenset[int]:
    numbers = (schema_id(bytes.fromhex(prefix)) for prefix in json.loads(prefixes or "[]"))
    return frozenset(number for number in numbers if number is not None)


def _changes(texts: Iterable[str]) -> tuple[Change, ...]:
    return tuple(Change.from_row(json.loads(text)) for text in texts)
