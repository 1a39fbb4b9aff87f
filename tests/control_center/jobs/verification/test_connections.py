"""The steps share a connection, which an error replaces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from contract.errors import UnreachableError
from control_center.jobs.verification.connections import Connections
from tests.control_center.in_memory_clients import InMemoryClients


class CountedClients(InMemoryClients):
    """`opened`, `closed`: numbers of connections."""

    opened = closed = 0

    @contextmanager
    def postgres(self, database: str = "", *roles: Any, **options: Any) -> Iterator[Any]:
        self.opened += 1
        try:
            yield self.database
        finally:
            self.closed += 1


def test_a_connection_serves_many_steps(tmp_path: Path) -> None:
    clients = CountedClients(tmp_path)
    connections = Connections(clients)
    for database in ("", "", "shop", ""):
        with connections.cursor(database) as cursor:
            cursor.execute("SAVEPOINT attempt")
    assert (clients.opened, clients.closed) == (2, 0)


@pytest.mark.parametrize(("database", "component"), [("", "postgres"), ("shop", "shop")])
def test_an_error_closes_it(tmp_path: Path, database: str, component: str) -> None:
    clients = CountedClients(tmp_path)
    connections = Connections(clients)
    with pytest.raises(UnreachableError) as error, connections.cursor(database):
        raise psycopg2.OperationalError("server closed the connection unexpectedly")
    assert error.value.component == component
    assert clients.closed == 1
    with connections.cursor(database):
        assert clients.opened == 2
