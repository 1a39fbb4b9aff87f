"""The faults of a table's columns (contract/table/kinds) as conditions over validated events."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from pyspark.sql import Column as Expression
from pyspark.sql import functions as F

from contract.table.column import Column
from contract.table.kinds.kind import Fault
from riada_stream.source.names import event, row


def condition(column: Column, fault: Fault) -> str:
    """Spark's SQL; null when the column's value is null."""
    return fault.sql(event(column), row(column))


def are_faultless(columns: Sequence[Column]) -> Expression:
    """Whether no value is outside its column's domain. It is null when a required value is."""
    parts = [
        f"({event(column)} IS NULL OR NOT ({condition(column, fault)}))"
        if column.nullable
        else f"NOT ({condition(column, fault)})"
        for column in columns
        for fault in column.faults
    ]
    return reduce(Expression.__and__, map(F.expr, parts), F.lit(True))
