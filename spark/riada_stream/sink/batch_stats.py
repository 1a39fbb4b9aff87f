"""What one pass over a batch counts and collects besides writing its rows.

The source is read once: deletes are collected, not read again, and the number of bad events tells
whether a second pass for them is needed at all.
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

SAMPLE_EVERY = 100
"""One upsert of so many offsets is read back."""


class Change(NamedTuple):
    """A person's id, the version of a change, and its place on the topic."""

    id: UUID
    version: int
    partition: int
    offset: int

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Change:
        return cls(UUID(row["id"]), row["version"], row["partition"], row["offset"])


@dataclass(frozen=True)
class Tally:
    """`unknown_ids`: schema ids that were not known to the pass; `sample`: some of the upserts;
    `beyond_ms`: the latest timestamp of an event whose version is beyond the bound, if one is."""

    upserts: int
    bad: int
    deletes: tuple[Change, ...]
    unknown_ids: frozenset[int]
    sample: tuple[Change, ...] = ()
    beyond_ms: int | None = None


class TallyError(Exception):
    """Spark collected other deletes than it saw."""


@cache
def expressions() -> list[Column]:
    """Aggregates over checked events, for DataFrame.observe() or agg()."""
    change = F.struct("id", "version", "partition", "offset")
    upsert, delete = F.expr("good and not deleted"), F.expr("good and deleted")
    strange = F.expr("not known and length(value) > 5 and substring(value, 1, 1) = X'00'")
    sampled = upsert & F.expr(f"offset % {SAMPLE_EVERY} = 0")
    return [
        F.count(F.when(upsert, 1)).alias("upserts"),
        F.count(F.when(~F.col("good"), 1)).alias("bad"),
        F.to_json(F.collect_list(F.when(delete, change))).alias("deletes"),
        F.bit_xor(F.when(delete, _number())).alias("deletes_xor"),
        F.to_json(F.collect_list(F.when(sampled, change))).alias("sample"),
        F.to_json(F.collect_set(F.when(strange, F.hex("prefix")))).alias("unknown_prefixes"),
        F.max(F.when(F.col("beyond"), F.unix_millis("timestamp"))).alias("beyond_ms"),
    ]


def tally(values: Mapping[str, object]) -> Tally:
    """From the values of expressions(), by name. Raises TallyError."""
    deletes = _changes(values["deletes"])
    if (found := ids_xor(change.id for change in deletes)) != (values["deletes_xor"] or 0):
        raise TallyError(
            f"Spark saw deletes of ids with xor {values['deletes_xor']} and collected "
            f"{len(deletes)} with xor {found}: {[str(change.id) for change in deletes[:20]]}"
        )
    return Tally(
        upserts=int(values["upserts"]),
        bad=int(values["bad"]),
        deletes=deletes,
        sample=_changes(values["sample"]),
        unknown_ids=frozenset(
            number
            for text in json.loads(values["unknown_prefixes"])
            if (number := schema_id(bytes.fromhex(text))) is not None
        ),
        beyond_ms=values["beyond_ms"],
    )


def ids_xor(ids: Iterable[UUID]) -> int:
    """Of the first 60 bits of each: as _number() in Spark, whose numbers have 63."""
    return reduce(xor, (row_id.int >> 68 for row_id in ids), 0)


def _number() -> Column:
    return F.expr("cast(conv(substring(replace(id, '-', ''), 1, 15), 16, 10) as bigint)")


def _changes(text: Any) -> tuple[Change, ...]:
    return tuple(Change.of(row) for row in json.loads(text))
