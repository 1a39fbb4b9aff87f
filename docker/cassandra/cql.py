"""A session with the Cassandra of this container."""

from __future__ import annotations

import socket
from pathlib import Path

from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile, Session
from cassandra.policies import WhiteListRoundRobinPolicy


def secret(name: str) -> str:
    return Path("/run/secrets", name).read_text().strip()


def connect(role: str, password: str, timeout_s: float = 10) -> Session:
    """Raises cassandra.cluster.NoHostAvailable when CQL does not answer or refuses the login."""
    host = socket.gethostbyname(socket.gethostname())
    profile = ExecutionProfile(
        load_balancing_policy=WhiteListRoundRobinPolicy([host]), request_timeout=timeout_s
    )
    return Cluster(
        [host],
        protocol_version=5,
        auth_provider=PlainTextAuthProvider(role, password),
        execution_profiles={EXEC_PROFILE_DEFAULT: profile},
        connect_timeout=timeout_s,
        schema_metadata_enabled=False,
        token_metadata_enabled=False,
        monitor_reporting_enabled=False,
    ).connect()
