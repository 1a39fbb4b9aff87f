"""What a run needs before its first request: its secrets, and a table that it may write."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from contract.errors import ComponentError
from contract.stores.postgres.roles import Role
from contract.stores.postgres.table import qualified
from contract.table import secret_headers
from contract.table.source import Source
from contract.table.table import Table

log = logging.getLogger(__name__)

# A deploy creates the table and its grants within this time; the first run may begin before.
TABLE_TIMEOUT_S = 60.0
PAUSE_S = 5.0
# One row with the rights; none if the table does not exist.
RIGHTS = """
SELECT has_schema_privilege(n.oid, 'USAGE'),
       has_table_privilege(c.oid, 'SELECT'),
       has_table_privilege(c.oid, 'INSERT'),
       has_table_privilege(c.oid, 'UPDATE')
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND c.relname = %(relation)s
"""
REMEDY = "make status names the cause, and make deploy-dags creates the tables of tables/"


class Session(Protocol):
    """The part of ingest/postgres.py that is used here."""

    def query(self, statement: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]: ...


class TableNotReadyError(ComponentError):
    """The table is missing, or the role may not write it."""


def check_secrets(source: Source) -> None:
    """Raises ValueError, which names the missing secret and the remedy."""
    try:
        secret_headers.headers(source)
    except ValueError as error:
        remedy = "make up SOURCE_SECRETS=… gives it to Airflow (docs/tables.md)"
        raise ValueError(f"airflow-scheduler: {error}. {remedy}") from None


def await_table(
    session: Session,
    table: Table,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Returns when the table can be written. Raises TableNotReadyError after TABLE_TIMEOUT_S, and
    psycopg2.Error."""
    end = clock() + TABLE_TIMEOUT_S
    while fault := _fault(session, table):
        if clock() >= end:
            raise TableNotReadyError("postgres", fault, REMEDY)
        log.info("postgres: %s yet. The next check follows in %.0f s", fault, PAUSE_S)
        sleep(PAUSE_S)


def _fault(session: Session, table: Table) -> str:
    """Why the table cannot be written; "" if it can be."""
    name = qualified(table)
    rights = session.query(RIGHTS, {"schema": table.schema, "relation": table.relation})
    if not rights:
        return f"table {name} does not exist"
    return "" if all(rights[0]) else f"role {Role.INGEST.value} may not write table {name}"
