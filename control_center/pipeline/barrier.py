"""Has everything that PostgreSQL committed before a moment come to Cassandra?

Debezium confirms an LSN in its slot once the brokers have every change before it. Then the ends of
the table's topic are behind those changes, and the newest batch tells whether the table's query has
written or refused them. Rows that capture reads on request have no place in this order, so nothing
has passed while it reads rows of the table.
"""

from __future__ import annotations

from contract.stores.cassandra.batches import Offsets
from contract.stores.postgres.capture_schema import HEARTBEAT
from contract.stores.postgres.roles import Role
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import SLOT
from control_center.pipeline import scans, written

POSITION = "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint"
CONFIRMED = """
SELECT (confirmed_flush_lsn - '0/0')::bigint >= %s FROM pg_replication_slots WHERE slot_name = %s
"""
TIMEOUT_S = 10


class Barrier:
    """Waits for what is committed when the barrier is made. `position`: of the WAL at that time.
    Every method raises UnreachableError."""

    def __init__(self, clients: Clients, table: Table) -> None:
        self._clients, self._table = clients, table
        self._ends: Offsets | None = None
        with (
            clients.postgres(table.database, Role.DEBEZIUM, TIMEOUT_S) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(POSITION)
            row = cursor.fetchone()
            assert row is not None
            self.position = int(row[0])
            cursor.execute(HEARTBEAT)  # a change after the position, so that the slot passes it

    def has_passed(self) -> bool:
        if self._ends is None and self._is_confirmed():
            self._ends = written.ends(self._clients, self._table)
        if self._ends is None:
            return False
        reached = self._written()
        return all(reached.get(part, 0) >= end for part, end in self._ends.items())

    def _written(self) -> Offsets:
        return written.offsets(self._clients, self._table)

    def _is_confirmed(self) -> bool:
        if scans.is_being_read(self._clients, self._table):
            return False
        database = self._table.database
        slot = self._clients.external(database).slot if database else SLOT
        with self._clients.postgres(database) as connection, connection.cursor() as cursor:
            cursor.execute(CONFIRMED, [self.position, slot])
            row = cursor.fetchone()
        return bool(row and row[0])


class StrictBarrier(Barrier):
    """Nothing has passed before capture has read the rows that were there when its epoch began, and
    before a batch says so: a new query has written nothing yet."""

    def has_passed(self) -> bool:
        return (
            scans.has_ended(self._clients, self._table)
            and super().has_passed()
            and bool(self._ends)  # a topic exists
        )

    def _written(self) -> Offsets:
        return written.recorded(self._clients, self._table)
