"""Does capture read the existing rows of a table, and has it read them?"""

from __future__ import annotations

from contract.table.table import Table
from control_center.clients.clients import Clients

STATE = "SELECT arrived_at IS NULL AND scan_failure IS NULL FROM riada.scans WHERE name = %s"
ARRIVED = """
SELECT captured_epoch = (SELECT epoch FROM riada.capture)
       AND (arrived_at IS NOT NULL OR scan_failure IS NOT NULL)
FROM riada.scans WHERE name = %s
"""


def is_being_read(clients: Clients, table: Table) -> bool:
    """Raises UnreachableError."""
    return _is_true(clients, table, STATE)


def has_ended(clients: Clients, table: Table) -> bool:
    """Has capture tried to read the rows that were there when the present epoch began? Raises
    UnreachableError."""
    return _is_true(clients, table, ARRIVED)


def _is_true(clients: Clients, table: Table, query: str) -> bool:
    """False without a row in riada.scans."""
    with clients.postgres(table.database) as connection, connection.cursor() as cursor:
        cursor.execute(query, [table.name])
        row = cursor.fetchone()
        return row is not None and bool(row[0])
