"""Cassandra: the client keeps one session until an error, and then opens a new one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any

from cassandra import (
    ConsistencyLevel,
    DriverException,
    InvalidRequest,
    OperationTimedOut,
    Unauthorized,
)
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import (
    EXEC_PROFILE_DEFAULT,
    Cluster,
    ExecutionProfile,
    NoHostAvailable,
    Session,
)
from cassandra.concurrent import execute_concurrent_with_args
from cassandra.policies import ConstantReconnectionPolicy, RoundRobinPolicy
from cassandra.protocol import SyntaxException
from cassandra.query import PreparedStatement, named_tuple_factory, tuple_factory

from contract.errors import ComponentError, InvalidInputError, UnreachableError, first_line
from contract.health.component import component_of
from contract.stores.cassandra.roles import Role
from contract.stores.cassandra.tls import verified
from contract.stores.tls import CA
from control_center.config import COMPONENT, Settings

logging.getLogger("cassandra").setLevel(logging.CRITICAL)


class Cassandra:
    """Reads as the role `observer`. `connect` opens a session to the cluster."""

    def __init__(
        self, settings: Settings, connect: Callable[[Settings], Session] | None = None
    ) -> None:
        self._settings = settings
        self._connect = connect or open_session
        self._lock = Lock()
        self._session: Session | None = None
        self._prepared: dict[str, PreparedStatement] = {}

    def execute(self, query: str, parameters: Sequence[Any] = (), timeout_s: float = 4.0) -> Any:
        """The result set of a prepared query, with named columns; raises UnreachableError."""
        try:
            timeout_s *= self._settings.patience
            return self.session().execute(self.prepare(query), parameters, timeout=timeout_s)
        except Exception as error:
            raise self._unreachable(error) from error

    def on_each_node(
        self, query: str, parameters: Sequence[Any] = (), timeout_s: float = 4.0
    ) -> list[Any]:
        """The first row that each node has of its own, as in a virtual table, with named columns.
        A node to which the session is not connected is left out. Raises UnreachableError."""
        try:
            session, prepared = self.session(), self.prepare(query)
        except Exception as error:
            raise self._unreachable(error) from error
        rows = []
        for host in session.cluster.metadata.all_hosts():
            # It may have just come back, and its connections are missing.
            with suppress(DriverException, NoHostAvailable):
                timeout = timeout_s * self._settings.patience
                rows.append(session.execute(prepared, parameters, timeout=timeout, host=host).one())
        return rows

    def execute_each(
        self, query: str, parameters: Iterable[Sequence[Any]], concurrency: int = 32
    ) -> list[list[tuple[Any, ...]]]:
        """The rows of the query for each of these parameters, in their order, as plain tuples;
        raises UnreachableError."""
        try:
            session = self.session()
            results = execute_concurrent_with_args(
                session,
                self.prepare(query),
                list(parameters),
                concurrency,
                execution_profile=session.execution_profile_clone_update(
                    EXEC_PROFILE_DEFAULT, row_factory=tuple_factory
                ),
            )
            return [list(result.result_or_exc) for result in results]
        except Exception as error:
            raise self._unreachable(error) from error

    def page(
        self,
        query: str,
        bind: Callable[[Mapping[str, str]], Mapping[str, Any]],
        limit: int,
        timeout_s: float,
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Names of the columns, and the first `limit` rows. `bind` gets the CQL type of each
        parameter of the query, and returns its values. Raises InvalidInputError for a query that
        Cassandra refuses, UnreachableError, and what `bind` raises."""
        try:
            session, prepared = self.session(), self.prepare(query)
            types = {
                column.name: column.type.cql_parameterized_type()
                for column in prepared.column_metadata
            }
            bound = prepared.bind(dict(bind(types)))
            bound.fetch_size = limit
            profile = session.execution_profile_clone_update(
                EXEC_PROFILE_DEFAULT, row_factory=tuple_factory, request_timeout=timeout_s
            )
            answer = session.execute(bound, execution_profile=profile)
            return list(answer.column_names), list(answer.current_rows)[:limit]
        except (InvalidRequest, SyntaxException, Unauthorized) as error:
            cause = f"Cassandra refuses the query ({str(error)[:200]})"
            raise InvalidInputError(COMPONENT, cause, "Correct it in the table's file.") from error
        except ComponentError:
            raise
        except Exception as error:
            raise self._unreachable(error) from error

    def scan(
        self,
        query: str,
        parameters: Sequence[Any] = (),
        page: int = 5000,
        timeout_s: float = 30.0,
    ) -> Iterator[tuple[Any, ...]]:
        """Many rows as plain tuples, `page` rows at a time, with `timeout_s` for each page; raises
        UnreachableError, also for a later page."""
        try:
            session = self.session()
            bound = self.prepare(query).bind(parameters)
            bound.fetch_size = page
            profile = session.execution_profile_clone_update(
                EXEC_PROFILE_DEFAULT, row_factory=tuple_factory, request_timeout=timeout_s
            )
            yield from session.execute(bound, execution_profile=profile)
        except Exception as error:
            raise self._unreachable(error) from error

    def prepare(self, query: str) -> PreparedStatement:
        """The prepared query; each query is prepared once per session."""
        session = self.session()
        with self._lock:
            if query not in self._prepared:
                self._prepared[query] = session.prepare(query)
            return self._prepared[query]

    def session(self) -> Session:
        """The session, made at first use."""
        with self._lock:
            if self._session is None:
                self._session = self._connect(self._settings)
            return self._session

    def close(self) -> None:
        """Drops the session; the next use opens another one."""
        with self._lock:
            session, self._session, self._prepared = self._session, None, {}
        if session is not None:
            session.cluster.shutdown()

    def _unreachable(self, error: Exception) -> UnreachableError:
        """The cause in one line. Drops the session, since a node may come back under another
        address."""
        if isinstance(error, UnreachableError):
            return error
        self.close()
        cause: object = error
        if isinstance(error, NoHostAvailable):  # without errors its text is "('…', {})"
            errors = error.errors if isinstance(error.errors, dict) else {}
            cause = next(iter(errors.values()), "no node is reachable")
        if isinstance(cause, OperationTimedOut):  # its text is "errors={}, last_host=…"
            cause = "no answer in time"
        text = first_line(cause) or type(cause).__name__
        return UnreachableError(
            component_of(self._settings.cassandra_hosts[0]),
            f"the cluster answers no query ({text[:200]})",
        )


def open_session(settings: Settings) -> Session:
    """Reads at LOCAL_QUORUM; raises the driver's errors."""
    hosts, ports = zip(*(host.rsplit(":", 1) for host in settings.cassandra_hosts))
    profile = ExecutionProfile(
        load_balancing_policy=RoundRobinPolicy(),
        consistency_level=ConsistencyLevel.LOCAL_QUORUM,
        request_timeout=10 * settings.patience,
        row_factory=named_tuple_factory,
    )
    cluster = Cluster(
        hosts,
        port=int(ports[0]),
        auth_provider=PlainTextAuthProvider(
            Role.OBSERVER.value, settings.secret(Role.OBSERVER.secret)
        ),
        **verified(settings.secrets / CA),
        execution_profiles={EXEC_PROFILE_DEFAULT: profile},
        protocol_version=5,
        connect_timeout=3 * settings.patience,
        control_connection_timeout=3 * settings.patience,
        reconnection_policy=ConstantReconnectionPolicy(2, max_attempts=None),
        schema_metadata_enabled=False,
        token_metadata_enabled=False,
    )
    try:
        return cluster.connect()
    except Exception:
        cluster.shutdown()
        raise
