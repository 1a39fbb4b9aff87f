"""The tables share one connection, which is replaced when it does not answer."""

from __future__ import annotations

from typing import cast

import pytest
from riada_stream.sink.cassandra_connection import CassandraConnection, SharedConnection


class InMemoryConnection:
    def __init__(self) -> None:
        self.is_down = self.is_closed = False

    def ping(self) -> None:
        if self.is_down:
            raise ConnectionError("no host is available")

    def close(self) -> None:
        self.is_closed = True


class Cassandra:
    def __init__(self) -> None:
        self.connections: list[InMemoryConnection] = []
        self.is_down = False
        self.shared = SharedConnection(self._connect)

    def place(self, lent: CassandraConnection) -> int:
        return self.connections.index(cast(InMemoryConnection, lent))

    def _connect(self) -> CassandraConnection:
        if self.is_down:
            raise ConnectionError("refused")
        self.connections.append(InMemoryConnection())
        return cast(CassandraConnection, self.connections[-1])


@pytest.fixture
def cassandra() -> Cassandra:
    return Cassandra()


def test_tables_share_a_connection_which_stays_open(cassandra: Cassandra) -> None:
    with cassandra.shared.lent() as first, cassandra.shared.lent() as second:
        assert first is second
    with cassandra.shared.lent():
        pass
    assert [connection.is_closed for connection in cassandra.connections] == [False]


def test_a_connection_that_does_not_answer_is_closed_after_its_last_use(
    cassandra: Cassandra,
) -> None:
    with cassandra.shared.lent():
        cassandra.connections[0].is_down = True
        with cassandra.shared.lent() as other:
            assert cassandra.place(other) == 1
            assert not cassandra.connections[0].is_closed
    assert [connection.is_closed for connection in cassandra.connections] == [True, False]


def test_an_unused_connection_that_does_not_answer_is_replaced_at_once(
    cassandra: Cassandra,
) -> None:
    with cassandra.shared.lent():
        pass
    cassandra.connections[0].is_down = cassandra.is_down = True
    with pytest.raises(ConnectionError, match="refused"), cassandra.shared.lent():
        pass
    assert cassandra.connections[0].is_closed
    cassandra.is_down = False
    with cassandra.shared.lent() as later:
        assert cassandra.place(later) == 1
