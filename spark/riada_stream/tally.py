"""What one pass over a batch counts and collects besides writing its rows.

The source is read once: deletes are collected, not read again, and the number of bad events tells
whether a second pass for them is needed at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from pyspark.sql import Column
from pyspark.sql import functions as F

from riada_stream.decode import schema_id


@dataclass(frozen=True)
class Tally:
    """`deletes`: (id, version) each; `unknown_ids`: schema ids that were not known to the pass."""

    upserts: int
    bad: int
    deletes: tuple[tuple[UUID, int], ...]
    unknown_ids: frozenset[int]


@cache
def expressions() -> list[Column]:
    """Aggregates over checked events, for DataFrame.observe() or agg()."""
    delete = F.struct("id", "version")
    strange = F.expr("not known and length(value) > 5 and substring(value, 1, 1) = X'00'")
    return [
        F.count(F.when(F.expr("good and not deleted"), 1)).alias("upserts"),
        F.count(F.when(~F.col("good"), 1)).alias("bad"),
        F.to_json(F.collect_list(F.when(F.expr("good and deleted"), delete))).alias("deletes"),
        F.to_json(F.collect_set(F.when(strange, F.hex("prefix")))).alias("unknown_prefixes"),
    ]


def tally(values: Mapping[str, object]) -> Tally:
    """From the values of expressions(), by name."""
    return Tally(
        upserts=int(values["upserts"]),
        bad=int(values["bad"]),
        deletes=tuple((UUID(row["id"]), row["version"]) for row in json.loads(values["deletes"])),
        unknown_ids=frozenset(
            schema_id(bytes.fromhex(text)) for text in json.loads(values["unknown_prefixes"])
        ),
    )
