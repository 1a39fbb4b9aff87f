"""The records in riada.erasures of Riada's own PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from contract.stores.postgres import erasures
from contract.stores.postgres.roles import Role
from contract.table.instant import milliseconds, moment
from control_center.clients.clients import Clients
from control_center.pipeline.erasures.record import Erasure

TIMEOUT_S = 60


class ErasuresInPostgres:
    """Every method raises UnreachableError."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def read(self) -> Iterator[Erasure]:
        with (
            self._clients.postgres("", Role.OBSERVER, TIMEOUT_S) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(erasures.SELECT)
            rows = cursor.fetchall()
        for mark, table, erased_at, ended_at in rows:
            ended_ms = milliseconds(ended_at) if ended_at else None
            yield Erasure(mark, table, milliseconds(erased_at) or 0, ended_ms)

    def write(self, records: Iterable[Erasure]) -> None:
        with (
            self._clients.postgres("", Role.INGEST, TIMEOUT_S) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            write(cursor, records)


def write(cursor: Any, records: Iterable[Erasure]) -> None:
    """In the cursor's transaction."""
    for record in records:
        times = (moment(record.erased_ms), moment(record.ended_ms))
        cursor.execute(erasures.UPSERT, (record.mark, record.table, *times))
