"""Does capture read the existing rows of a table?"""

from __future__ import annotations

from contract.table.table import Table
from control_center.clients.clients import Clients

STATE = "SELECT arrived_at IS NULL AND scan_failure IS NULL FROM riada.scans WHERE name = %s"


def is_being_read(clients: Clients, table: Table) -> bool:
    """Raises UnreachableError."""
    with clients.postgres(table.database) as connection, connection.cursor() as cursor:
        cursor.execute(STATE, [table.name])
        row = cursor.fetchone()
        return row is not None and bool(row[0])
