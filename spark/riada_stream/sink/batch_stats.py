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
from typing import Any, NamedTuple
from uuid import UUID

from pyspark.sql import Column
from pyspark.sql import functions as F

from contract.kafka.events import schema_id

SAMPLE_EVERY = 100  # the upserts at every 100th offset are read back
MAX_LOGGED_IDS = 20
_ID_BITS = 60  # an id has 128 bits, a number of Spark has 63


class Change(NamedTuple):
    """A person's id, the version of a change, and its message on the topic."""

    id: UUID
    version: int
    partition: int
    offset: int

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Change:
        return cls(UUID(row["id"]), row["version"], row["partition"], row["offset"])


class InconsistentStatsError(Exception):
    """Spark saw some deletes and collected others."""


@dataclass(frozen=True)
class BatchStats:
    """`unknown_ids`: ids of schemas that were not known in the pass. `sample`: some of the upserts.
    `beyond_bound_ms`: the latest timestamp (ms) of an event whose version is above the bound."""

    upserts: int
    invalid: int
    deletes: tuple[Change, ...]
    unknown_ids: frozenset[int]
    sample: tuple[Change, ...] = ()
    beyond_bound_ms: int | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> BatchStats:
        """The statistics from the values of aggregates(), by name. Raises
        InconsistentStatsError."""
        deletes = _changes(row["deletes"])
        collected, seen = xor_of_ids(change.id for change in deletes), row["deletes_xor"] or 0
        if collected != seen:
            ids = [str(change.id) for change in deletes[:MAX_LOGGED_IDS]]
            raise InconsistentStatsError(
                f"Spark saw deletes whose ids have the xor {seen}, and collected {len(deletes)} "
                f"whose ids have the xor {collected}: {ids}. The batch is retried"
            )
        return cls(
            upserts=row["upserts"],
            invalid=row["invalid"],
            deletes=deletes,
            sample=_changes(row["sample"]),
            unknown_ids=_schema_ids(row["unknown_prefixes"]),
            beyond_bound_ms=row["beyond_bound_ms"],
        )


@cache
def aggregates() -> list[Column]:
    """Aggregates over validated events, for DataFrame.observe() or agg().

    The collected lists are JSON text, since an Observation returns no lists of structs.
    """
    change = F.struct("id", "version", "partition", "offset")
    is_upsert, is_delete = F.expr("is_valid and not deleted"), F.expr("is_valid and deleted")
    is_sampled = is_upsert & F.expr(f"offset % {SAMPLE_EVERY} = 0")
    has_unknown_schema = F.expr(
        "not has_known_schema and length(value) > 5 and substring(value, 1, 1) = X'00'"
    )
    return [
        F.count(F.when(is_upsert, 1)).alias("upserts"),
        F.count(F.when(~F.col("is_valid"), 1)).alias("invalid"),
        F.to_json(F.collect_list(F.when(is_delete, change))).alias("deletes"),
        F.bit_xor(F.when(is_delete, _first_bits_of_id())).alias("deletes_xor"),
        F.to_json(F.collect_list(F.when(is_sampled, change))).alias("sample"),
        F.to_json(F.collect_set(F.when(has_unknown_schema, F.hex("prefix")))).alias(
            "unknown_prefixes"
        ),
        F.max(F.when(F.col("is_beyond_bound"), F.unix_millis("timestamp"))).alias(
            "beyond_bound_ms"
        ),
    ]


def xor_of_ids(ids: Iterable[UUID]) -> int:
    """The xor of the first 60 bits of each id."""
    return reduce(xor, (row_id.int >> (128 - _ID_BITS) for row_id in ids), 0)


def _first_bits_of_id() -> Column:
    """The first 60 bits of an id, which are 15 hexadecimal digits, as a number."""
    digits = _ID_BITS // 4
    return F.expr(f"cast(conv(substring(replace(id, '-', ''), 1, {digits}), 16, 10) as bigint)")


def _schema_ids(prefixes: str) -> frozenset[int]:
    numbers = (schema_id(bytes.fromhex(prefix)) for prefix in json.loads(prefixes))
    return frozenset(number for number in numbers if number is not None)


def _changes(text: str) -> tuple[Change, ...]:
    return tuple(Change.from_row(row) for row in json.loads(text))
