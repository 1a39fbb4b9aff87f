"""Names of a table's columns in the frames of the job.

A table may have a column of any name, also one that Kafka's columns or the job's own have. So its
values are in columns with a prefix, and every name is quoted.
"""

from __future__ import annotations

from contract.table.column import Column
from contract.table.debezium_names import field_name


def row_name(column: Column) -> str:
    """The column of a frame that has the carried form: order → row_order."""
    return f"row_{column.name}"


def row(column: Column) -> str:
    """Spark's SQL for the carried form."""
    return quoted(row_name(column))


def event(column: Column) -> str:
    """Spark's SQL for the event's value."""
    return f"event.{quoted(field_name(column.name))}"


def event_key(column: Column) -> str:
    """Spark's SQL for the value in the message's key."""
    return f"event_key.{quoted(field_name(column.name))}"


def quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
