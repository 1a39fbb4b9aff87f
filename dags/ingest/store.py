"""Stores a page of rows in PostgreSQL, and waits while the database is unavailable."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

import psycopg2
from psycopg2.errors import CardinalityViolation
from psycopg2.extras import Json
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_before_delay
from tenacity.wait import wait_random_exponential

from contract.stores.postgres import rejects
from contract.stores.postgres.table import parameters, upsert
from contract.table.rejected_item import rejected_item
from contract.table.table import Table
from ingest import capture, preconditions
from ingest.page import Accepted, Rejected, SortedPage

log = logging.getLogger(__name__)

TRANSACTION_ROWS = 1_000
BACKOFF = wait_random_exponential(multiplier=0.5, max=15)
T = TypeVar("T")


class Session(Protocol):
    """The part of ingest/postgres.py that the store uses."""

    def execute(self, statement: str, rows: Sequence[Sequence[object]]) -> None: ...

    def query(self, statement: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class StoredPage:
    """The number of stored rows, and the reasons of the rejected items."""

    stored: int
    reject_reasons: list[str]


class RowStore:
    """`source` is the API's URL and `run` the name of its pages; riada.rejects keeps both. Each
    method raises psycopg2.OperationalError when the database stays unavailable for `timeout_s`."""

    def __init__(self, session: Session, table: Table, source: str, run: str) -> None:
        self._session = session
        self._table = table
        self._source = source
        self._run = run
        self._upsert_statement = upsert(table)

    def await_table(self, timeout_s: float) -> None:
        """Raises preconditions.TableNotReadyError."""
        self._with_retries(
            partial(preconditions.await_table, self._session, self._table), timeout_s
        )

    def position(self, timeout_s: float) -> str:
        """PostgreSQL's position after the stored rows."""
        return self._with_retries(partial(capture.position, self._session), timeout_s)

    def store(self, page: SortedPage, number: int, timeout_s: float) -> StoredPage:
        """Upserts a page's rows in transactions of TRANSACTION_ROWS, and keeps the rejects.

        A repetition changes nothing. A row that PostgreSQL refuses is rejected too.
        """
        refused: list[Rejected] = []
        for chunk in _chunks(page.accepted):
            refused += self._with_retries(partial(self._upsert, chunk), timeout_s)
        rejected = [*page.rejected, *refused]
        if rejected:
            self._with_retries(partial(self._keep_rejects, rejected, number), timeout_s)
        reasons = [reject.reason for reject in rejected]
        return StoredPage(len(page.accepted) - len(refused), reasons)

    def close(self) -> None:
        self._session.close()

    def _upsert(self, accepted: Sequence[Accepted]) -> list[Rejected]:
        """One transaction. If PostgreSQL refuses a row, each half becomes a transaction of its own,
        until the row is alone. So do two keys that only PostgreSQL considers equal."""
        rows = [parameters(self._table, item.row) for item in accepted]
        try:
            self._session.execute(self._upsert_statement, rows)
        except (psycopg2.DataError, psycopg2.IntegrityError, CardinalityViolation) as error:
            if len(accepted) == 1:
                return [_refused(accepted[0], error)]
            middle = len(accepted) // 2
            return self._upsert(accepted[:middle]) + self._upsert(accepted[middle:])
        return []

    def _keep_rejects(self, rejected: Sequence[Rejected], page: int) -> None:
        name = self._table.name
        rows = [
            (name, self._source, self._run, page, reject.position, reject.reason, Json(item))
            for reject in rejected
            for item in [rejected_item(self._table, reject.item)]
        ]
        self._session.execute(rejects.INSERT, rows)

    def _with_retries(self, work: Callable[[], T], timeout_s: float) -> T:
        retrying = Retrying(
            retry=retry_if_exception_type((psycopg2.OperationalError, psycopg2.InterfaceError)),
            wait=BACKOFF,
            stop=stop_before_delay(timeout_s),
            before_sleep=self._reset_connection,
            reraise=True,
        )
        result: T = retrying(work)
        return result

    def _reset_connection(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        log.warning(
            "postgres is unavailable (%s). Attempt %d follows in %.1f s",
            str(error).strip().partition("\n")[0],
            state.attempt_number + 1,
            state.next_action.sleep if state.next_action else 0.0,
        )
        self._session.close()


def _refused(accepted: Accepted, error: psycopg2.Error) -> Rejected:
    """The reason omits the error's message, which would show the value."""
    reason = f"PostgreSQL refuses the row: {type(error).__name__} {error.pgcode}"
    return Rejected(accepted.position, accepted.item, reason)


def _chunks(accepted: Sequence[Accepted]) -> Iterator[Sequence[Accepted]]:
    for begin in range(0, len(accepted), TRANSACTION_ROWS):
        yield accepted[begin : begin + TRANSACTION_ROWS]
