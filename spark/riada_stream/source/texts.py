"""The checks of a row's texts. They run for each event, so that all texts are checked together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pyspark.sql import Column as Expression
from pyspark.sql import functions as F

from contract.table.column import Column
from contract.table.kinds.text import PLACEHOLDER
from riada_stream.source.names import event


def texts_of(columns: Sequence[Column]) -> tuple[Column, ...]:
    return tuple(column for column in columns if column.kind.is_text)


def are_storable(columns: Sequence[Column]) -> Expression:
    """Whether every store can hold the texts of these columns."""
    texts = texts_of(columns)
    if not texts:
        return F.lit(True)
    names = [event(column) for column in texts]
    is_storable = is_utf8(F.concat_ws("\n", *map(F.expr, names)))
    is_storable &= ~F.coalesce(
        F.array_contains(F.array(*map(F.expr, names)), PLACEHOLDER), F.lit(False)
    )
    for max_length, limited in _by_max_length(texts).items():
        lengths = ", ".join(f"length({event(column)})" for column in limited)
        # greatest() skips nulls, and takes at least two arguments
        is_storable &= F.expr(f"greatest(0, {lengths}) <= {max_length}")
    return is_storable


def is_utf8(text: Expression) -> Expression:
    """Spark keeps a text's bytes as they are. A writer would replace each byte that is not part of
    a character by U+FFFD."""
    data = text.cast("binary")
    return F.encode(F.decode(data, "UTF-8"), "UTF-8") == data


def max_length(column: Column) -> int | None:
    """The limit in characters; None: no limit."""
    limit: int | None = getattr(column.kind, "max_length", None)
    return limit


def _by_max_length(texts: Sequence[Column]) -> dict[int, list[Column]]:
    columns: dict[int, list[Column]] = defaultdict(list)
    for column in texts:
        if limit := max_length(column):
            columns[limit].append(column)
    return columns
