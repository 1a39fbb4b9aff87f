"""The connection to PostgreSQL as the role `ingest`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values

from contract.stores.postgres.roles import DATABASE, Role
from contract.stores.postgres.tls import verified
from contract.stores.tls import CA

PASSWORD_FILE = Path("/run/secrets", Role.INGEST.secret)


class PostgresSession:
    """One connection, which is opened when it is needed. PostgreSQL shows `application`."""

    def __init__(self, application: str, password_file: Path = PASSWORD_FILE) -> None:
        self._application = application
        self._password_file = password_file
        self._connection: Connection | None = None

    def execute(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        """Runs a statement `… VALUES %s` for all rows in one transaction. Raises psycopg2.Error."""
        with self._connect() as connection, connection.cursor() as cursor:
            execute_values(cursor, statement, rows, page_size=len(rows))

    def query(self, statement: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """The rows of a SELECT. Raises psycopg2.Error."""
        with self._connect() as connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall()

    def close(self) -> None:
        """Closes the connection. The next statement opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self) -> Connection:
        if self._connection is None:
            self._connection = psycopg2.connect(
                host=os.environ.get("POSTGRES_HOST", "postgres"),
                dbname=DATABASE,
                user=Role.INGEST.value,
                password=self._password_file.read_text().strip(),
                application_name=self._application,
                connect_timeout=5,
                keepalives_idle=5,
                keepalives_interval=5,
                keepalives_count=3,
                tcp_user_timeout=20_000,
                options="-c statement_timeout=60s",
                **verified(self._password_file.with_name(CA)),
            )
        return self._connection
