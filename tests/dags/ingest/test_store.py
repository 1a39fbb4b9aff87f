"""The upsert halves itself down to the refused row, and waits while PostgreSQL is unavailable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg2
import pytest
from ingest import store
from ingest.page import Accepted, Rejected, SortedPage
from ingest.store import TRANSACTION_ROWS, RowStore
from psycopg2.errors import CardinalityViolation

from contract.stores.postgres import rejects
from contract.stores.postgres.table import upsert
from tests.dags.tables import READINGS, USERS


class InMemoryPostgres:
    """Refuses transactions with one of the `refused` rows. `outages` calls fail before that."""

    def __init__(self, refused: Sequence[str] = (), outages: int = 0) -> None:
        self.refused = set(refused)
        self.outages = outages
        self.users: list[str] = []
        self.rejects: list[Sequence[Any]] = []
        self.transactions = 0
        self.closed = 0

    def execute(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        self.transactions += 1
        if self.outages:
            self.outages -= 1
            raise psycopg2.OperationalError("could not connect to server\n\tIs it running?")
        if statement == rejects.INSERT:
            self.rejects += rows
            return
        assert statement == upsert(USERS)
        if self.refused & {row[0] for row in rows}:
            raise psycopg2.DataError("value 1234 out of range")
        self.users += [row[0] for row in rows]

    def query(self, statement: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        if self.outages:
            self.outages -= 1
            raise psycopg2.OperationalError("could not connect to server")
        return [("0/201B4D0",)]

    def close(self) -> None:
        self.closed += 1


def store_of(postgres: InMemoryPostgres) -> RowStore:
    return RowStore(postgres, USERS, "url", "seed")


def page(count: int, rejected: Sequence[Rejected] = ()) -> SortedPage:
    accepted = [
        Accepted(n, {"n": n}, (f"id-{n}", *[n] * (len(USERS.columns) - 1))) for n in range(count)
    ]
    return SortedPage(accepted, list(rejected))


@pytest.fixture(autouse=True)
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store.BACKOFF, "multiplier", 0.001)


def test_a_page_is_stored_in_transactions_of_limited_size() -> None:
    postgres = InMemoryPostgres()
    result = store_of(postgres).store(page(TRANSACTION_ROWS * 2 + 1), 1, 5)
    assert (result.stored, result.reject_reasons) == (TRANSACTION_ROWS * 2 + 1, [])
    assert postgres.transactions == 3


@pytest.mark.parametrize("refused", [["id-0"], ["id-9"], ["id-3", "id-4"], ["id-1", "id-8"]])
def test_only_the_refused_rows_are_rejected(refused: list[str]) -> None:
    postgres = InMemoryPostgres(refused)
    result = store_of(postgres).store(page(10), 4, 5)
    assert sorted(postgres.users) == sorted({f"id-{n}" for n in range(10)} - set(refused))
    assert result.stored == 10 - len(refused)
    assert [row[:5] for row in postgres.rejects] == [
        ("users", "url", "seed", 4, int(row_id.removeprefix("id-"))) for row_id in refused
    ]


def test_all_rows_may_be_refused() -> None:
    postgres = InMemoryPostgres([f"id-{n}" for n in range(5)])
    result = store_of(postgres).store(page(5), 1, 5)
    assert (result.stored, postgres.users, len(postgres.rejects)) == (0, [], 5)


def test_the_reason_of_a_refused_row_shows_no_value() -> None:
    result = store_of(InMemoryPostgres(["id-0"])).store(page(1), 1, 5)
    assert result.reject_reasons == ["PostgreSQL refuses the row: DataError None"]


def test_items_that_cannot_become_rows_are_kept_as_rejects_without_secrets() -> None:
    postgres = InMemoryPostgres()
    bad = Rejected(1, {"login": {"password": "SECRET"}}, "login.uuid: missing")
    result = store_of(postgres).store(page(0, [bad]), 2, 5)
    assert (result.stored, result.reject_reasons) == (0, ["login.uuid: missing"])
    assert postgres.rejects[0][:6] == ("users", "url", "seed", 2, 1, "login.uuid: missing")
    assert postgres.rejects[0][6].adapted == {"login": {}}


def test_each_attempt_during_an_outage_opens_a_new_connection() -> None:
    postgres = InMemoryPostgres(outages=2)
    result = store_of(postgres).store(page(3), 1, 5)
    assert result.stored == 3
    assert postgres.closed == 2


def test_the_table_and_the_position_are_read_after_an_outage_too() -> None:
    postgres = InMemoryPostgres(outages=2)
    assert store_of(postgres).position(5) == "0/201B4D0"
    assert postgres.closed == 2
    postgres.outages = 2
    store_of(postgres).await_table(5)
    assert postgres.closed == 4


def test_a_longer_outage_is_an_error() -> None:
    postgres = InMemoryPostgres(outages=1_000)
    with pytest.raises(psycopg2.OperationalError):
        store_of(postgres).store(page(3), 1, timeout_s=0.05)
    assert postgres.users == []


def test_keys_that_only_postgres_considers_equal_are_stored_one_after_the_other() -> None:
    class Equal(InMemoryPostgres):
        def execute(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
            if len(rows) > 1:
                raise CardinalityViolation("cannot affect row a second time")
            super().execute(statement, rows)

    postgres = Equal()
    assert store_of(postgres).store(page(3), 1, 5).stored == 3
    assert postgres.users == ["id-0", "id-1", "id-2"]


def test_an_array_is_a_literal_of_postgres() -> None:
    class Rows(InMemoryPostgres):
        def execute(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
            self.rejects += rows

    postgres = Rows()
    row = ("a", None, None, ["x y", None, 'quote"'])
    RowStore(postgres, READINGS, "url", "run").store(SortedPage([Accepted(0, {}, row)]), 1, 5)
    assert postgres.rejects == [["a", None, None, '{"x y",NULL,"quote\\""}']]
