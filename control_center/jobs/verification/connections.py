"""One connection to each PostgreSQL for all steps: the loop does one at a time, and most are so
short that a connection for each would take longer than the step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from contract.errors import UnreachableError
from contract.health.component import component_of
from control_center.clients.clients import Clients
from control_center.clients.postgres import cause

TIMEOUT_S = 60


class Connections:
    """Opens a connection at its first use, and again after an error."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._open: dict[str, tuple[ExitStack, Connection]] = {}

    @contextmanager
    def cursor(self, database: str) -> Iterator[Cursor]:
        """Each statement is a transaction of its own. `database`: "" for Riada's own. Raises
        UnreachableError, also for errors of the caller's statements."""
        try:
            if database not in self._open:
                self._open[database] = self._connect(database)
            _, connection = self._open[database]
            with connection.cursor() as cursor:
                yield cursor
        except psycopg2.Error as error:
            self._close(database)
            component = database or component_of(self._clients.settings.postgres_host)
            raise UnreachableError(component, cause(error)) from error

    def _connect(self, database: str) -> tuple[ExitStack, Connection]:
        with ExitStack() as stack:
            connection = stack.enter_context(
                self._clients.postgres(database, statement_timeout_s=TIMEOUT_S)
            )
            connection.set_session(autocommit=True)
            return stack.pop_all(), connection

    def _close(self, database: str) -> None:
        stack, _ = self._open.pop(database, (ExitStack(), None))
        stack.close()
