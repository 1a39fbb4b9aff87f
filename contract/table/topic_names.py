"""The names of the topics. contract/kafka/topics.py has the topics with their settings."""

from __future__ import annotations

from contract.table.debezium_names import table_name
from contract.table.table import Table

PREFIX = "riada"
CAPTURE = f"{PREFIX}.capture"
ERASURES = f"{PREFIX}.erasures"
COMPARISONS = f"{PREFIX}.comparisons"


def prefix(database: str) -> str:
    """Debezium's topic.prefix for a database, "" for Riada's own."""
    return f"{PREFIX}.{database}" if database else PREFIX


def events(table: Table) -> str:
    """The topic of a table's change events; Debezium makes the name."""
    return f"{prefix(table.database)}.{table_name(table.schema, table.relation)}"


def dead_letters(table: Table) -> str:
    return f"{events(table)}.dead-letter"
