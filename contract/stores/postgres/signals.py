"""Asks Debezium for rows that PostgreSQL holds already: a row of riada.signal for each request.

https://debezium.io/documentation/reference/3.1/configuration/signalling.html
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from enum import Enum
from uuid import uuid4

from contract.stores.postgres.table import qualified
from contract.stores.quoting import quoted
from contract.table.kinds.kind import Canonical
from contract.table.table import Table


class Sender(str, Enum):
    """Who requests rows: the beginning of the ids of its requests."""

    MANAGER = "rows-"  # the connector manager, for all existing rows of tables
    CONTROL_CENTER = "again-"  # for rows that are sent again


# Removes the earlier requests of a Sender, which it takes. Debezium reads a signal when it is
# inserted, so deleting it later has no effect.
FORGET = "DELETE FROM riada.signal WHERE id LIKE %s || '%%'"
# A row while all rows of a table are on their way, or will be requested again; takes its name.
PENDING = """\
SELECT 1 FROM riada.scans
WHERE name = %s AND arrived_at IS NULL AND requested_at > now() - interval '10 minutes'"""
# Counts one more request for rows of a table, in the transaction that inserts the signal, so that
# the end of another request is not taken for this one's. Takes the table's name.
EXPECT = "UPDATE riada.scans SET expected = greatest(expected, ended) + 1 WHERE name = %s"
# Takes the values that snapshot() returns.
INSERT = "INSERT INTO riada.signal (id, type, data) VALUES (%s, %s, %s)"


def snapshot(sender: Sender, tables: Iterable[Table], condition: str = "") -> tuple[str, str, str]:
    """id, type and data of a signal for the tables' rows that fulfil the SQL condition, or for all.
    Capture sends them while it streams changes."""
    # A quoted name is no regular expression that matches other tables.
    names = [qualified(table) for table in tables]
    data: dict[str, object] = {"type": "incremental", "data-collections": names}
    if condition:
        data["additional-conditions"] = [{"data-collection": ".*", "filter": condition}]
    return f"{sender.value}{uuid4().hex}", "execute-snapshot", json.dumps(data, ensure_ascii=False)


def has_key(table: Table, keys: Collection[Sequence[Canonical]]) -> str:
    """The SQL condition of the rows with these keys, given as canonical values."""
    names = ", ".join(quoted(column.name) for column in table.key)
    rows = [
        ", ".join(
            f"{_literal(column.kind.postgres_text(value))}::{column.kind.postgres}"
            for column, value in zip(table.key, values, strict=True)
        )
        for values in keys
    ]
    alone = len(table.key) == 1
    listed = ", ".join(row if alone else f"({row})" for row in rows)
    return f"({names}) IN ({listed})"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
