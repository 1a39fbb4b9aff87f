"""Has capture sent the rows of a run to Kafka?

PostgreSQL knows it: Debezium confirms a position of the log in its replication slot when Kafka has
every change before that position. Airflow's tasks reach neither Kafka nor Cassandra.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import psycopg2

from contract.errors import ComponentError, first_line
from contract.kafka.capture import SLOT
from contract.stores.postgres.publication import PUBLICATION
from contract.stores.postgres.table import qualified
from contract.table.table import Table

log = logging.getLogger(__name__)

# The check fails when the rows of a run wait longer than this for capture.
LIMIT_S = 600.0

POSITION = "SELECT pg_current_wal_insert_lsn()::text"
SLOT_STATE = """
SELECT EXISTS (
           SELECT FROM pg_publication_tables
           WHERE pubname = %(publication)s AND schemaname = %(schema)s AND tablename = %(relation)s
       ),
       pg_current_wal_insert_lsn() < %(position)s::pg_lsn,
       slot.wal_status,
       coalesce(slot.active, false),
       coalesce(pg_wal_lsn_diff(%(position)s::pg_lsn, slot.confirmed_flush_lsn), 0)::bigint
FROM (VALUES (1)) AS one LEFT JOIN pg_replication_slots AS slot ON slot.slot_name = %(slot)s
"""
LOGS = "make logs S=connect, and make status, show why"


class Session(Protocol):
    """The part of ingest/postgres.py that is used here."""

    def query(self, statement: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]: ...


class NotCapturedError(ComponentError):
    """Names the component at which the rows of a run wait."""


class LostHistoryError(ComponentError):
    """PostgreSQL is older than the run. No waiting helps."""


@dataclass(frozen=True)
class SlotState:
    """`published`: capture follows the table. `older`: PostgreSQL's log ends before the position.
    `wal_status`: None if there is no slot. `active`: Debezium reads the slot. `missing_bytes`: what
    is not confirmed before the position; at most 0 if everything is."""

    published: bool
    older: bool
    wal_status: str | None
    active: bool
    missing_bytes: int


def position(session: Session) -> str:
    """PostgreSQL's position after everything that is committed now. Raises psycopg2.Error."""
    return str(session.query(POSITION, {})[0][0])


def is_captured(session: Session, table: Table, position: str, waited_s: float) -> bool:
    """Does Kafka have every change of the table before the position? False: ask again later.

    Raises NotCapturedError when the rows have waited longer than LIMIT_S, and LostHistoryError.
    """
    parameters = {
        "publication": PUBLICATION,
        "schema": table.schema,
        "relation": table.relation,
        "position": position,
        "slot": SLOT,
    }
    try:
        state = SlotState(*session.query(SLOT_STATE, parameters)[0])
    except psycopg2.OperationalError as error:
        waiting: NotCapturedError | None = NotCapturedError("postgres", first_line(error), LOGS)
    else:
        waiting = _waiting(state, table, position)
    if waiting is None:
        return True
    if waited_s > LIMIT_S:
        raise waiting
    log.info("capture has not confirmed the run's rows yet, after %.0f s: %s", waited_s, waiting)
    return False


def _waiting(state: SlotState, table: Table, position: str) -> NotCapturedError | None:
    """Where and why the rows wait; None if they are captured. Raises LostHistoryError."""
    if state.older:
        raise LostHistoryError(
            "postgres",
            f"its log ends before {position}, where this run ended: an older database was restored",
            "Start a run again to fetch the rows",
        )
    in_postgres = "the rows of this run wait in PostgreSQL"
    if not state.published:
        cause = f"publication {PUBLICATION} does not hold {qualified(table)}: {in_postgres}"
        return NotCapturedError("postgres", cause, "make status names the cause")
    if state.wal_status in (None, "lost"):
        fault = "is lost" if state.wal_status else "does not exist"
        cause = f"replication slot {SLOT} {fault}: {in_postgres}"
        return NotCapturedError("postgres", cause, LOGS)
    if state.missing_bytes <= 0:
        return None
    if not state.active:
        cause = f"does not read replication slot {SLOT}: {in_postgres}"
        return NotCapturedError("connect", cause, LOGS)
    cause = f"{state.missing_bytes:,} bytes of changes are not on the topic yet: {in_postgres}"
    return NotCapturedError("connect", cause, LOGS)
