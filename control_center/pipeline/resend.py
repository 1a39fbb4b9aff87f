"""Asks capture to send rows again that PostgreSQL holds: the pipeline delivers them as they are,
and PostgreSQL changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from contract.stores.postgres.roles import Role
from contract.stores.postgres.signals import (
    EXPECT,
    FORGET,
    INSERT,
    PENDING,
    Sender,
    has_key,
    snapshot,
)
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.pipeline.chunks import chunks
from control_center.pipeline.row_repository import key_values

AT_ONCE = 500  # keys of one signal
# Each offset of the connector holds the conditions that wait, and Kafka limits its size. For more
# keys all rows of the table are sent.
LONGEST = 200_000  # characters of all conditions
TIMEOUT_S = 60


def resend(clients: Clients, table: Table, keys: Collection[str]) -> None:
    """Requests the rows with these keys, unless capture is about to send all rows of the table;
    returns before they are sent. Raises UnreachableError."""
    conditions = _conditions(table, keys)
    if not conditions:
        return
    with (
        clients.postgres(table.database, Role.DEBEZIUM, TIMEOUT_S) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(PENDING, [table.name])
        if cursor.fetchone():
            return
        cursor.execute(FORGET, [Sender.CONTROL_CENTER.value])
        for condition in conditions:
            cursor.execute(EXPECT, [table.name])
            cursor.execute(INSERT, snapshot(Sender.CONTROL_CENTER, [table], condition))


def _conditions(table: Table, keys: Collection[str]) -> list[str]:
    """The conditions of the signals; [""]: all rows of the table."""
    conditions: list[str] = []
    length = 0
    for condition in _parts(table, keys):
        conditions.append(condition)
        length += len(condition)
        if length > LONGEST:
            return [""]
    return conditions


def _parts(table: Table, keys: Collection[str]) -> Iterator[str]:
    known = (values for key in keys if (values := key_values(table, key)) is not None)
    for part in chunks(known, AT_ONCE):
        yield has_key(table, part)
