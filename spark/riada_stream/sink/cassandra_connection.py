"""The connection of the driver process to Cassandra, which all tables share."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cassandra import ConsistencyLevel
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile
from cassandra.policies import (
    ConstantReconnectionPolicy,
    DCAwareRoundRobinPolicy,
    HostStateListener,
    TokenAwarePolicy,
)
from cassandra.pool import Host

from contract.stores.cassandra import batches
from contract.stores.cassandra.keyspace import KEYSPACE
from contract.stores.cassandra.tls import verified
from riada_stream.settings import Settings


class CassandraConnection:
    """Connects as the job's role. Every method raises the driver's errors."""

    def __init__(self, settings: Settings) -> None:
        password = settings.cassandra_password_file.read_text().strip()
        self._cluster = Cluster(
            list(settings.cassandra_hosts),
            port=settings.cassandra_port,
            auth_provider=PlainTextAuthProvider(settings.cassandra_user, password),
            **verified(settings.ca),
            connect_timeout=5,
            reconnection_policy=ConstantReconnectionPolicy(1.0, max_attempts=None),
            execution_profiles={
                EXEC_PROFILE_DEFAULT: ExecutionProfile(
                    load_balancing_policy=TokenAwarePolicy(
                        DCAwareRoundRobinPolicy(local_dc=settings.cassandra_datacenter)
                    ),
                    consistency_level=ConsistencyLevel.LOCAL_QUORUM,
                    request_timeout=10,
                )
            },
        )
        self._outages = _Outages()
        self._cluster.register_listener(self._outages)
        try:
            self.session = self._cluster.connect(KEYSPACE)
        except BaseException:
            self._cluster.shutdown()
            raise

    @property
    def outages(self) -> int:
        """How often a node has stopped answering."""
        return self._outages.count

    def ping(self) -> None:
        """Reads at the consistency level that writes have."""
        self.session.execute(batches.PROBE)

    def close(self) -> None:
        self._cluster.shutdown()


class _Outages(HostStateListener):  # type: ignore[misc]
    def __init__(self) -> None:
        self.count = 0

    def on_up(self, host: Host) -> None:
        """No outage ends one."""

    def on_down(self, host: Host) -> None:
        self.count += 1

    def on_add(self, host: Host) -> None:
        """A new node."""

    def on_remove(self, host: Host) -> None:
        self.count += 1


class SharedConnection:
    """Lends one connection to the tables. It connects again, by the hosts' present addresses, when
    the connection does not answer. A connection that is in use stays open."""

    def __init__(self, connect: Callable[[], CassandraConnection]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._current: CassandraConnection | None = None
        self._uses: dict[CassandraConnection, int] = {}

    @contextmanager
    def lent(self) -> Iterator[CassandraConnection]:
        connection = self._borrow()
        try:
            yield connection
        finally:
            self._give_back(connection)

    def _borrow(self) -> CassandraConnection:
        with self._lock:
            if self._current is None or not _answers(self._current):
                old, self._current = self._current, None
                if old and not self._uses.get(old):
                    old.close()
                self._current = self._connect()
            self._uses[self._current] = self._uses.get(self._current, 0) + 1
            return self._current

    def _give_back(self, connection: CassandraConnection) -> None:
        with self._lock:
            self._uses[connection] -= 1
            if self._uses[connection] == 0:
                del self._uses[connection]
                if connection is not self._current:
                    connection.close()


def _answers(connection: CassandraConnection) -> bool:
    try:
        connection.ping()
    except Exception:
        return False
    return True
