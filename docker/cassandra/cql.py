"""A session with one Cassandra, of this container or of another node."""

from __future__ import annotations

import socket
from pathlib import Path

from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import (
    EXEC_PROFILE_DEFAULT,
    Cluster,
    ExecutionProfile,
    NoHostAvailable,
    Session,
)
from cassandra.policies import WhiteListRoundRobinPolicy

from contract.stores.cassandra.tls import verified
from contract.stores.tls import CA

SECRETS = Path("/run/secrets")


def secret(name: str) -> str:
    return (SECRETS / name).read_text().strip()


def connect(role: str, password: str, timeout_s: float = 10, host: str = "") -> Session:
    """`host`: this container by default. Raises OSError when the name does not resolve, and
    cassandra.cluster.NoHostAvailable when CQL does not answer or refuses the login."""
    address = socket.gethostbyname(host or socket.gethostname())
    profile = ExecutionProfile(
        load_balancing_policy=WhiteListRoundRobinPolicy([address]), request_timeout=timeout_s
    )
    return Cluster(
        [address],
        protocol_version=5,
        auth_provider=PlainTextAuthProvider(role, password),
        **verified(SECRETS / CA),
        execution_profiles={EXEC_PROFILE_DEFAULT: profile},
        connect_timeout=timeout_s,
        schema_metadata_enabled=False,
        token_metadata_enabled=False,
        monitor_reporting_enabled=False,
    ).connect()


def cause(error: Exception) -> str:
    """One line. No message of the driver contains a statement."""
    causes = error.errors.values() if isinstance(error, NoHostAvailable) else [error]
    return "; ".join(f"{type(each).__name__}: {each}" for each in causes)
