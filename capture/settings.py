"""The manager's settings, from the environment of its container."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from contract.stores.postgres.roles import Role
from contract.stores.postgres.server import VARIABLE

ROLE = Role.DEBEZIUM
# The worker's own topics, which it makes at its start (docker/connect/entrypoint.sh).
WORKER_TOPICS = ("_connect_configs", "_connect_offsets", "_connect_status")


@dataclass(frozen=True)
class Settings:
    kafka_bootstrap: str
    schema_registry_url: str
    postgres_host: str
    postgres_port: int
    topic_partitions: int
    replication_factor: int
    # Of the topics of one table on one broker.
    kafka_table_gib: int
    # The addresses of other servers: contract/stores/postgres/server.py.
    databases: str = ""
    connect_url: str = "http://localhost:8083"
    secrets: Path = Path("/run/secrets")
    artifacts: Path = Path("/artifacts")
    certificates: Path = Path("/tmp/connect-certificates")
    # Touched after each round of the own database in which all components answered; the container's
    # health check reads it.
    alive: Path = Path("/tmp/capture-alive")

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        return cls(
            kafka_bootstrap=environ["KAFKA_BOOTSTRAP"],
            schema_registry_url=environ["SCHEMA_REGISTRY_URL"],
            postgres_host=environ["POSTGRES_HOST"],
            postgres_port=int(environ["POSTGRES_PORT"]),
            topic_partitions=int(environ["TOPIC_PARTITIONS"]),
            replication_factor=int(environ["REPLICATION_FACTOR"]),
            kafka_table_gib=int(environ["KAFKA_TABLE_GIB"]),
            databases=environ.get(VARIABLE, ""),
        )

    def secret(self, name: str) -> str:
        """The secret's value. Raises OSError, which names the file."""
        return (self.secrets / name).read_text().strip()
