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
            yield from read(cursor)

    def write(self, records: Iterable[Erasure]) -> None:
        with (
            self._clients.postgres("", Role.INGEST, TIMEOUT_S) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            write(cursor, records)


def read(cursor: Any) -> list[Erasure]:
    cursor.execute(erasures.SELECT)
    return [
        Erasure(
            mark, table, milliseconds(erased_at) or 0, milliseconds(ended_at) if ended_at else None
        )
        for mark, table, erased_at, ended_at in cursor.fetchall()
    ]


def write(cursor: Any, records: Iterable[Erasure]) -> None:
    """Writes the records in the cursor's transaction."""
    for record in records:
        times = (moment(record.erased_ms), moment(record.ended_ms))
        cursor.execute(erasures.UPSERT, (record.mark, record.table, *times))
