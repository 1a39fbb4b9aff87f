"""Stores a batch in PostgreSQL; waits out a database that is away."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extras import Json, execute_values
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_before_delay
from tenacity.wait import wait_random_exponential

from contract.postgres.sql import REJECT, UPSERT
from ingest.batch import Batch, Item

log = logging.getLogger(__name__)

TRANSACTION_ROWS = 1_000
T = TypeVar("T")


class PeopleStore:
    """One connection as the role `ingest`, opened again when it is lost."""

    def __init__(self, source: str, seed: str) -> None:
        self._source = source
        self._seed = seed
        self._connection: Connection | None = None

    def store(self, batch: Batch, page: int, patience_s: float) -> tuple[int, list[str]]:
        """Upserts the batch in transactions of TRANSACTION_ROWS and returns how many are stored,
        and the reasons of the rejects.

        Repeating it changes nothing. A row that only PostgreSQL finds wrong is rejected, too.
        Raises psycopg2.OperationalError when the database stays away for `patience_s`.
        """
        rejects = list(batch.rejects)
        for chunk in _chunks(batch.items):
            rejects += self._insist(partial(self._upsert, chunk), patience_s)
        if rejects:
            self._insist(partial(self._reject, rejects, page), patience_s)
        lost = len(rejects) - len(batch.rejects)
        return len(batch.items) - lost, [reason for _, reason in rejects]

    def _insist(self, work: Callable[[], T], patience_s: float) -> T:
        retrying = Retrying(
            retry=retry_if_exception_type((psycopg2.OperationalError, psycopg2.InterfaceError)),
            wait=wait_random_exponential(multiplier=0.5, max=15),
            stop=stop_before_delay(patience_s),
            before_sleep=self._drop,
            reraise=True,
        )
        return retrying(work)

    def _upsert(self, items: list[Item]) -> list[tuple[Item, str]]:
        """One transaction; halves itself until the row is alone that PostgreSQL refuses."""
        try:
            with self._open() as connection, connection.cursor() as cursor:
                execute_values(cursor, UPSERT, [item.row for item in items], page_size=len(items))
        except (psycopg2.DataError, psycopg2.IntegrityError) as error:
            if len(items) == 1:
                # the message would show the value
                return [(items[0], f"PostgreSQL refuses it: {type(error).__name__} {error.pgcode}")]
            middle = len(items) // 2
            return self._upsert(items[:middle]) + self._upsert(items[middle:])
        return []

    def _reject(self, rejects: list[tuple[Item, str]], page: int) -> None:
        rows = [
            (self._source, self._seed, page, item.position, reason, Json(item.person))
            for item, reason in rejects
        ]
        with self._open() as connection, connection.cursor() as cursor:
            execute_values(cursor, REJECT, rows, page_size=len(rows))

    def _open(self) -> Connection:
        if self._connection is None:
            self._connection = psycopg2.connect(
                host=os.environ.get("POSTGRES_HOST", "postgres"),
                dbname="people",
                user="ingest",
                password=Path("/run/secrets/postgres-ingest").read_text().strip(),
                application_name="ingest_users",
                connect_timeout=5,
                keepalives_idle=5,
                keepalives_interval=5,
                keepalives_count=3,
                tcp_user_timeout=20_000,
                options="-c statement_timeout=60s",
            )
        return self._connection

    def _drop(self, state: RetryCallState) -> None:
        log.warning(
            "PostgreSQL is away (%s): attempt %d follows in %.1f s",
            str(state.outcome.exception() if state.outcome else "?").strip().splitlines()[0],
            state.attempt_number + 1,
            state.next_action.sleep if state.next_action else 0.0,
        )
        self.close()

    def close(self) -> None:
        """Gives the connection back; the next call opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _chunks(items: list[Item]) -> Iterator[list[Item]]:
    for begin in range(0, len(items), TRANSACTION_ROWS):
        yield items[begin : begin + TRANSACTION_ROWS]
