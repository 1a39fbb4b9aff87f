"""What the job is told: by its arguments and by its worker's environment."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contract.kafka import topics
from contract.stream import driver_status
from contract.stream.application import JOB
from riada_stream.runtime.folder import Folder

TOPIC = topics.USERS.name
DEAD_LETTER_TOPIC = topics.DEAD_LETTERS.name
VOLUME = Folder(f"file:/checkpoint/{JOB}")


@dataclass(frozen=True)
class Settings:
    """Sizes are rows, durations seconds."""

    release: str
    driver_id: str = "unknown"
    kafka_bootstrap: str = "kafka-1:9092"
    schema_registry_url: str = "http://schema-registry:8081"
    cassandra_hosts: tuple[str, ...] = ("cassandra-1",)
    cassandra_port: int = 9042
    cassandra_datacenter: str = "dc1"
    cassandra_user: str = "spark"
    cassandra_password_file: Path = Path("/run/secrets/cassandra-spark")
    executor_memory: str = "1g"
    executor_cores: int = 2
    max_offsets_per_trigger: int = 20_000
    trigger_interval_s: int = 0  # the next batch begins no earlier than so long after this one did
    few_rows: int = 2_000  # up to so many, one task writes them: no other task's start is worth it
    checkpoint: Folder = VOLUME
    s3_endpoint: str | None = None  # where AWS is not at its usual address
    artifacts: Path = Path("/artifacts")

    @property
    def wanted_release_file(self) -> Path:
        return self.artifacts / "streaming-release"

    @property
    def status_file(self) -> Path:
        return self.artifacts / driver_status.FILE


def settings(arguments: Sequence[str], env: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `main.py`'s arguments and the environment; defaults suit one of each node."""
    parser = argparse.ArgumentParser(prog="main.py", description="Kafka → Cassandra, streaming")
    parser.add_argument("--release", required=True, help="this release, e.g. 3f2a9c01d2e4")
    release = parser.parse_args(arguments).release
    checkpoint = env.get("CHECKPOINT")
    given = {
        "driver_id": Path.cwd().name,  # a worker runs each driver in a folder named after it
        "kafka_bootstrap": env.get("KAFKA_BOOTSTRAP"),
        "schema_registry_url": env.get("SCHEMA_REGISTRY_URL"),
        "cassandra_hosts": _hosts(env.get("CASSANDRA_HOSTS")),
        "cassandra_datacenter": env.get("CASSANDRA_DATACENTER"),
        "executor_memory": env.get("EXECUTOR_MEMORY"),
        "executor_cores": _int(env.get("EXECUTOR_CORES")),
        "max_offsets_per_trigger": _int(env.get("MAX_OFFSETS_PER_TRIGGER")),
        "trigger_interval_s": _int(env.get("TRIGGER_INTERVAL_S")),
        "checkpoint": Folder(checkpoint) if checkpoint else None,
        "s3_endpoint": env.get("AWS_ENDPOINT_URL"),
    }
    return Settings(release, **{name: value for name, value in given.items() if value})


def _hosts(text: str | None) -> tuple[str, ...] | None:
    return tuple(host.strip() for host in text.split(",") if host.strip()) if text else None


def _int(text: str | None) -> int | None:
    return int(text) if text else None
