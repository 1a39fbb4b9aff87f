"""Stores a page of people in PostgreSQL, and waits while the database is unavailable."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

import psycopg2
from psycopg2.extras import Json
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_before_delay
from tenacity.wait import wait_random_exponential

from contract.stores.postgres.sql import REJECT, UPSERT
from ingest.page import Accepted, Rejected, SortedPage

log = logging.getLogger(__name__)

TRANSACTION_ROWS = 1_000
BACKOFF = wait_random_exponential(multiplier=0.5, max=15)
T = TypeVar("T")


class Session(Protocol):
    """The part of ingest/postgres.py that the store uses."""

    def execute(self, statement: str, rows: Sequence[Sequence[object]]) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class StoredPage:
    """The number of stored people, and the reasons of the rejected ones."""

    stored: int
    reject_reasons: list[str]


class PeopleStore:
    """`source` is the API's URL, which public.rejects keeps beside `seed`."""

    def __init__(self, session: Session, source: str, seed: str) -> None:
        self._session = session
        self._source = source
        self._seed = seed

    def store(self, page: SortedPage, number: int, timeout_s: float) -> StoredPage:
        """Upserts a page's rows in transactions of TRANSACTION_ROWS, and keeps the rejects.

        A repetition changes nothing. A row that PostgreSQL refuses is rejected too. Raises
        psycopg2.OperationalError when the database stays unavailable for `timeout_s`.
        """
        refused: list[Rejected] = []
        for chunk in _chunks(page.accepted):
            refused += self._with_retries(partial(self._upsert, chunk), timeout_s)
        rejected = [*page.rejected, *refused]
        if rejected:
            self._with_retries(partial(self._keep_rejects, rejected, number), timeout_s)
        reasons = [person.reason for person in rejected]
        return StoredPage(len(page.accepted) - len(refused), reasons)

    def close(self) -> None:
        self._session.close()

    def _upsert(self, people: Sequence[Accepted]) -> list[Rejected]:
        """One transaction. If PostgreSQL refuses a row, each half becomes a transaction of its own,
        until the row is alone."""
        try:
            self._session.execute(UPSERT, [person.row for person in people])
        except (psycopg2.DataError, psycopg2.IntegrityError) as error:
            if len(people) == 1:
                return [_refused(people[0], error)]
            middle = len(people) // 2
            return self._upsert(people[:middle]) + self._upsert(people[middle:])
        return []

    def _keep_rejects(self, rejected: Sequence[Rejected], page: int) -> None:
        rows = [
            (self._source, self._seed, page, person.position, person.reason, Json(person.person))
            for person in rejected
        ]
        self._session.execute(REJECT, rows)

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


def _refused(person: Accepted, error: psycopg2.Error) -> Rejected:
    """The reason omits the error's message, which would show the value."""
    reason = f"PostgreSQL refuses the row: {type(error).__name__} {error.pgcode}"
    return Rejected(person.position, person.person, reason)


def _chunks(people: Sequence[Accepted]) -> Iterator[Sequence[Accepted]]:
    for begin in range(0, len(people), TRANSACTION_ROWS):
        yield people[begin : begin + TRANSACTION_ROWS]
