"""Cassandra's session lives as long as it works; errors name the cluster's first node."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from cassandra import InvalidRequest, OperationTimedOut
from cassandra.cluster import NoHostAvailable, Session

from contract.errors import InvalidInputError, UnreachableError
from control_center.clients.cassandra import Cassandra
from control_center.config import Settings

SETTINGS = Settings.load({"CASSANDRA_HOSTS": "cassandra-1.riada.internal:9042"})


class InMemorySession:
    """Answers every query with its text, or raises `error`."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.prepared: list[str] = []
        self.closed = False
        self.timeout: float | None = None
        self.cluster = self

    def prepare(self, query: str) -> str:
        self.prepared.append(query)
        return query

    def execute(self, query: str, parameters: Any = (), timeout: float | None = None) -> Any:
        self.timeout = timeout
        if self.error:
            raise self.error
        return [query, *parameters]

    def shutdown(self) -> None:
        self.closed = True


class Cluster:
    """Opens sessions, and keeps them for the test."""

    def __init__(self) -> None:
        self.sessions: list[InMemorySession] = []

    def __call__(self, _: Settings) -> Session:
        self.sessions.append(InMemorySession())
        return self.sessions[-1]


def test_a_query_is_prepared_once_for_each_session() -> None:
    cluster = Cluster()
    client = Cassandra(SETTINGS, cluster)
    assert client.execute("q", (1,)) == ["q", 1]
    assert client.execute("q", (2,)) == ["q", 2]
    [session] = cluster.sessions
    assert session.prepared == ["q"]


def test_patience_multiplies_the_timeout() -> None:
    cluster = Cluster()
    Cassandra(SETTINGS.model_copy(update={"patience": 3}), cluster).execute("q", timeout_s=5)
    assert cluster.sessions[0].timeout == 15


def test_an_error_ends_the_session_and_the_next_query_opens_another_one() -> None:
    """A node may come back under another address."""
    cluster = Cluster()
    client = Cassandra(SETTINGS, cluster)
    client.execute("q")
    cluster.sessions[0].error = RuntimeError("gone\nand a trace")
    with pytest.raises(UnreachableError) as raised:
        client.execute("q")
    assert str(raised.value) == "cassandra-1: the cluster answers no query (gone)"
    assert cluster.sessions[0].closed
    assert client.execute("q") == ["q"]
    assert [session.prepared for session in cluster.sessions] == [["q"], ["q"]]


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (NoHostAvailable("none", {"10.0.0.1": OSError("refused")}), "refused"),
        (NoHostAvailable("none", {}), "(no node is reachable)"),
        (NoHostAvailable("none", {"10.0.0.1": OperationTimedOut({}, "h")}), "(no answer in time)"),
        (OperationTimedOut({}, "10.0.0.1"), "(no answer in time)"),
        (RuntimeError(), "RuntimeError"),
    ],
)
def test_the_cause_is_the_first_host_s(error: Exception, cause: str) -> None:
    cluster = Cluster()
    client = Cassandra(SETTINGS, cluster)
    client.session()
    cluster.sessions[0].error = error
    with pytest.raises(UnreachableError) as raised:
        client.execute("q")
    assert cause in raised.value.cause


class Bound:
    """A query of one parameter, and its answer."""

    def __init__(self) -> None:
        kind = SimpleNamespace(cql_parameterized_type=lambda: "int")
        self.column_metadata = [SimpleNamespace(name="number", type=kind)]
        self.values: dict[str, Any] = {}
        self.fetch_size = 0
        self.column_names = ["number"]
        self.current_rows = [(1,), (2,), (3,)]

    def bind(self, values: dict[str, Any]) -> Bound:
        self.values = values
        return self


class PageSession(InMemorySession):
    def __init__(self, bound: Bound) -> None:
        super().__init__()
        self.bound = bound

    def prepare(self, query: str) -> Any:
        if self.error:
            raise self.error
        return self.bound

    def execution_profile_clone_update(self, profile: object, **options: Any) -> Any:
        self.timeout = options["request_timeout"]

    def execute(
        self,
        query: Any,
        parameters: Any = (),
        timeout: float | None = None,
        execution_profile: Any = None,
    ) -> Any:
        return query


def test_a_page_of_a_query_with_its_types_and_its_limit() -> None:
    bound = Bound()
    session = PageSession(bound)
    client = Cassandra(SETTINGS, lambda _: session)
    names, rows = client.page("q", lambda types: {"number": types["number"]}, 2, 60)
    assert (names, rows) == (["number"], [(1,), (2,)])
    assert (bound.values, bound.fetch_size, session.timeout) == ({"number": "int"}, 2, 60)


def test_a_query_that_cassandra_refuses_is_the_tables_fault() -> None:
    session = PageSession(Bound())
    session.error = InvalidRequest("Undefined column name x")
    with pytest.raises(InvalidInputError, match=r"refuses the query .*Undefined column name x"):
        Cassandra(SETTINGS, lambda _: session).page("q", lambda _: {}, 2, 60)
    assert not session.closed
