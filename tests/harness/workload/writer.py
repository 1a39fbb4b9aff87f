"""Writes steps to PostgreSQL so that each transaction happens exactly once, however often the
connection is lost.

A transaction writes the number of its step beside its changes. After a lost connection the writer
asks which transactions of the step have committed, and repeats the others.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection

from contract.stores.postgres import table as postgres
from contract.stores.quoting import quoted
from tests.harness.workload.statements import sql
from tests.harness.workload.step import Insert, Statement, Step, Transaction, Undone
from tests.harness.workload.table import PROGRESS, table

APPLICATION = "riada-workload"
RETRY_S = 0.5
_TABLE = postgres.qualified(table())
_CLAIM = f"UPDATE {PROGRESS} SET step = %s WHERE part = %s AND step < %s"
# A backend that a lost connection left behind may hold locks, or commit later.
_END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    f" WHERE application_name = '{APPLICATION}' AND pid <> ALL (%s)"
)


class _AlreadyCommitted(Exception):
    """The transaction had committed although its answer was lost."""


class Writer:
    """`connect` opens a connection with APPLICATION as its name. `reconnections` counts the losses
    of connections; `last_error` is the newest one."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._connections: list[Connection] = []
        self.reconnections = 0
        self.last_error = ""

    def committed_step(self) -> int:
        """The newest step of which a transaction has committed; -1 before the first one."""
        while True:
            try:
                return max(self._progress().values())
            except psycopg2.OperationalError as error:
                self._lost(error)
                threading.Event().wait(RETRY_S)

    def write(self, step: Step, stop: threading.Event) -> bool:
        """Return once every transaction of the step has ended; False if `stop` is set before."""
        while not stop.is_set():
            try:
                self._try(step)
                return True
            except _AlreadyCommitted:
                continue  # the next attempt sees it
            except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
                self._lost(error)
                stop.wait(RETRY_S)
        return False

    def close(self) -> None:
        for connection in self._connections:
            with suppress(psycopg2.Error):
                connection.close()
        self._connections = []

    def _lost(self, error: Exception) -> None:
        self.reconnections += 1
        self.last_error = str(error).strip().split("\n")[0]
        self.close()

    def _try(self, step: Step) -> None:
        committed = self._progress()
        parts = {id(each): number for number, each in enumerate(step.committed)}
        undone = [
            each
            for each in step.transactions
            if not each.commits or committed[parts[id(each)]] < step.number
        ]
        if step.overlap and len(undone) == 2:
            self._overlap(step.number, undone[0], undone[1])
            return
        for each in undone:
            self._run(self._connection(0), step.number, parts.get(id(each)), each)

    def _run(
        self, connection: Connection, number: int, part: int | None, transaction: Transaction
    ) -> None:
        with connection.cursor() as cursor:
            if part is not None:
                _claim(cursor, number, part)
            for statement in transaction.statements:
                _execute(cursor, statement)
        if transaction.commits:
            connection.commit()
        else:
            connection.rollback()

    def _overlap(self, number: int, first: Transaction, second: Transaction) -> None:
        """The first begins first and commits last."""
        connection = self._connection(0)
        half = len(first.statements) // 2
        with connection.cursor() as cursor:
            _claim(cursor, number, 0)
            for statement in first.statements[:half]:
                _execute(cursor, statement)
            with suppress(_AlreadyCommitted):
                self._run(self._connection(1), number, 1, second)
            for statement in first.statements[half:]:
                _execute(cursor, statement)
            connection.commit()

    def _connection(self, place: int) -> Connection:
        while len(self._connections) <= place:
            connection = self._connect()
            self._connections.append(connection)
            pids = [each.info.backend_pid for each in self._connections]
            with connection.cursor() as cursor:
                cursor.execute(_END_OTHERS, [pids])
            connection.commit()
        return self._connections[place]

    def _progress(self) -> dict[int, int]:
        """Part → newest step whose part has committed."""
        connection = self._connection(0)
        connection.rollback()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT part, step FROM {PROGRESS}")
            progress = dict(cursor.fetchall())
        connection.rollback()
        return progress


def _claim(cursor: Any, number: int, part: int) -> None:
    """Note the transaction's step as the transaction's first change. It waits for a transaction of
    a lost connection that has not ended yet."""
    cursor.execute(_CLAIM, [number, part, number])
    if cursor.rowcount == 0:
        cursor.connection.rollback()
        raise _AlreadyCommitted


def _execute(cursor: Any, statement: Statement) -> None:
    if isinstance(statement, Undone):
        cursor.execute("SAVEPOINT undone")
        for each in statement.statements:
            _execute(cursor, each)
        cursor.execute("ROLLBACK TO SAVEPOINT undone")
    elif isinstance(statement, Insert) and statement.by_copy:
        columns = list(statement.rows[0])
        text = "".join(_copied([row[name] for name in columns]) for row in statement.rows)
        names = ", ".join(quoted(name) for name in columns)
        cursor.copy_expert(f"COPY {_TABLE} ({names}) FROM STDIN", io.StringIO(text))
    else:
        for query, parameters in sql(statement, _TABLE):
            cursor.execute(query, parameters)


def _copied(values: list[Any]) -> str:
    return "\t".join(_field(value) for value in values) + "\n"


def _field(value: Any) -> str:
    r"""A value in COPY's text format, in which \N is NULL."""
    if value is None:
        return r"\N"
    if isinstance(value, list):
        return "{" + ",".join(map(str, value)) + "}"
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return "".join(_escaped(text))


def _escaped(text: str) -> Iterator[str]:
    special = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
    for character in text:
        yield special.get(character, character)
