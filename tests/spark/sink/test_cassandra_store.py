"""Deletes are read back, and deleted again when Cassandra lost them."""

from __future__ import annotations

import logging

import pytest
from riada_stream.sink.cassandra_store import (
    DELETE_ATTEMPTS,
    CassandraStore,
    DeleteNotAppliedError,
)
from riada_stream.sink.change import Change, Key

from tests.spark.in_memory import InMemorySession

A, B = ("a", 1), ("b", 1)


def change(key: Key, version: int, offset: int = 0) -> Change:
    return Change(key, version, 2, offset)


def test_deleted_rows_are_gone() -> None:
    session = InMemorySession({A: 5, B: 5})
    CassandraStore(session).delete([change(A, 6)])
    assert session.rows == {B: 5}
    assert len(session.deletes) == 1


def test_a_row_of_a_later_version_stays() -> None:
    session = InMemorySession({A: 7})
    CassandraStore(session).delete([change(A, 6)])
    assert session.rows == {A: 7}


def test_a_lost_delete_is_sent_again_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    session = InMemorySession({A: 5, B: 5})
    session.lost_deletes = 1
    with caplog.at_level(logging.ERROR):
        CassandraStore(session).delete([change(A, 6), change(B, 6)])
    assert session.rows == {}
    assert session.deletes[1] == [change(A, 6)]
    assert "1 of their rows remain" in caplog.text
    assert "acknowledged by cassandra-1: version 5" in caplog.text


def test_rows_that_remain_after_all_attempts_are_an_error() -> None:
    session = InMemorySession({A: 5})
    session.lost_deletes = DELETE_ATTEMPTS
    with pytest.raises(DeleteNotAppliedError, match="cassandra: 1 rows remain"):
        CassandraStore(session).delete([change(A, 6)])
    assert len(session.deletes) == DELETE_ATTEMPTS


def test_the_newest_delete_of_a_row_counts() -> None:
    store = CassandraStore(InMemorySession({A: 6}))
    assert store.undeleted([change(A, 7, 1), change(A, 5, 0)]) == [change(A, 7, 1)]
    assert store.undeleted([change(A, 5)]) == []


def test_an_upsert_is_missing_without_its_row_or_with_an_earlier_version() -> None:
    store = CassandraStore(InMemorySession({A: 6}))
    changes = [change(A, 6), change(A, 7), change(B, 1)]
    assert store.missing_upserts(changes) == changes[1:]


def test_availability() -> None:
    session = InMemorySession()
    assert CassandraStore(session).is_available()
    session.is_down = True
    assert not CassandraStore(session).is_available()
