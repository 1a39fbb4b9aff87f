"""Where the platform's components are: read from the environment once, handed to everything."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from contract.kafka.capture import CONNECTOR as CONNECTOR
from contract.kafka.capture import SLOT as SLOT
from contract.kafka.topics import DEAD_LETTERS as DEAD_LETTER_TOPIC
from contract.kafka.topics import USERS as USERS_TOPIC

TOPIC = USERS_TOPIC.name
DEAD_LETTERS = DEAD_LETTER_TOPIC.name
SUBJECT = f"{TOPIC}-value"
LARGEST = int(USERS_TOPIC.settings["max.message.bytes"])
"""Bytes of a message that the topic takes."""
CONFLUENT_API = "/apis/ccompat/v7"
STREAM = "users"  # job name in people.batches, and the application's name before its release


@dataclass(frozen=True)
class Settings:
    """Addresses are "host:port", URLs end without a slash; the registry's is its Confluent API."""

    postgres_host: str
    kafka_bootstrap: tuple[str, ...]
    zookeepers: tuple[str, ...]
    schema_registry_url: str
    connect_url: str
    spark_master_ui: str
    spark_workers: tuple[str, ...]
    cassandra_hosts: tuple[str, ...]
    airflow_url: str
    airflow_hosts: tuple[str, ...]
    randomuser_url: str
    prometheus_url: str
    artifacts: Path
    state: Path
    secrets: Path
    patience: float = 1.0
    """Times as long as usual that answers are waited for, where cores are busy."""

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Contract defaults (one of each) where the environment says nothing."""

        def url(name: str, default: str) -> str:
            return environ.get(name, default).rstrip("/")

        def addresses(name: str, default: str, port: int) -> tuple[str, ...]:
            hosts = re.split(r"[,\s]+", environ.get(name, default).strip())
            return tuple(host if ":" in host else f"{host}:{port}" for host in hosts if host)

        workers = range(1, int(environ.get("WORKERS", "1")) + 1)
        return cls(
            postgres_host=environ.get("POSTGRES_HOST", "postgres"),
            kafka_bootstrap=addresses("KAFKA_BOOTSTRAP", "kafka-1:9092", 9092),
            zookeepers=addresses("ZOOKEEPERS", "zookeeper-1:2181", 2181),
            schema_registry_url=url(
                "SCHEMA_REGISTRY_URL", "http://schema-registry:8081"
            ).removesuffix(CONFLUENT_API)
            + CONFLUENT_API,
            connect_url=url("CONNECT_URL", "http://connect:8083"),
            spark_master_ui=url("SPARK_MASTER_UI", "http://spark-master:8080"),
            spark_workers=tuple(f"spark-worker-{number}:8081" for number in workers),
            cassandra_hosts=addresses("CASSANDRA_HOSTS", "cassandra-1:9042", 9042),
            airflow_url=url("AIRFLOW_URL", "http://airflow-api-server:8080"),
            airflow_hosts=("airflow-scheduler", "airflow-dag-processor"),
            randomuser_url=environ.get("RANDOMUSER_URL", "http://randomuser:8000/api/"),
            prometheus_url=url("PROMETHEUS_URL", "http://prometheus:9090"),
            state=Path(environ.get("STATE", "/var/lib/control-center")),
            artifacts=Path(environ.get("ARTIFACTS", "/artifacts")),
            secrets=Path(environ.get("SECRETS", "/run/secrets")),
        )

    def secret(self, name: str) -> str:
        """The secret's value; raises RuntimeError naming its file if that cannot be read."""
        path = self.secrets / name
        try:
            return path.read_text().strip()
        except OSError as error:
            raise RuntimeError(f"{path} cannot be read ({error.strerror}): mount it") from error

    def release(self) -> str | None:
        """The deployed release: what /artifacts/current points to; None before a deploy."""
        try:
            return (self.artifacts / "current").readlink().name
        except OSError:
            return None
