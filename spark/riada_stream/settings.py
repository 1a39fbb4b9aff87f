"""The job's settings: from its arguments and from its worker's environment."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from contract.stores.cassandra.roles import Role
from contract.stores.postgres.roles import Role as PostgresRole
from contract.stores.tls import CA
from contract.stream import releases
from riada_stream.runtime.checkpoint_dir import CheckpointDir


@dataclass(frozen=True)
class Settings:
    """Sizes are rows, durations are seconds. `release` is the one that the driver was submitted
    with, `job` the hash of its program. `checkpoint` has a folder for each table."""

    release: str
    job: str = ""
    driver_id: str = "unknown"
    kafka_bootstrap: str = "kafka-1:9092"
    schema_registry_url: str = "http://schema-registry:8081"
    cassandra_hosts: tuple[str, ...] = ("cassandra-1",)
    cassandra_port: int = 9042
    cassandra_datacenter: str = "dc1"
    cassandra_user: str = Role.SPARK.value
    cassandra_password_file: Path = Path("/run/secrets", Role.SPARK.secret)
    postgres_host: str = "postgres"
    postgres_password_file: Path = Path("/run/secrets", PostgresRole.OBSERVER.secret)
    ca: Path = Path("/run/secrets", CA)
    executor_memory: str = "1g"
    executor_cores: int = 2
    max_offsets_per_trigger: int = 20_000
    trigger_interval_s: int = 0  # minimum seconds between the starts of two batches
    single_task_rows: int = 2_000  # batches up to this size are written by a single task
    checkpoint: CheckpointDir = field(default=CheckpointDir("file:/checkpoint"))
    s3_endpoint: str | None = None  # None: the usual address of AWS
    artifacts: Path = Path("/artifacts")

    @property
    def status_file(self) -> Path:
        return self.artifacts / releases.STATUS


def load_settings(arguments: Sequence[str], env: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the arguments of main.py and the environment. An empty text and 0 stand for the
    default. The defaults suit one node of each kind. Raises ValueError that names the variable."""
    parser = argparse.ArgumentParser(prog="main.py", description="Kafka → Cassandra, streaming")
    parser.add_argument("--release", required=True, help="this release, e.g. 3f2a9c01d2e4")
    parser.add_argument("--job", required=True, help="the hash of this program, e.g. 5d0c8e7a41bf")
    parsed = parser.parse_args(arguments)
    default = Settings(parsed.release, parsed.job)
    checkpoint = env.get("CHECKPOINT")
    return Settings(
        default.release,
        default.job,
        driver_id=Path.cwd().name,  # a worker runs each driver in a directory named after it
        kafka_bootstrap=env.get("KAFKA_BOOTSTRAP") or default.kafka_bootstrap,
        schema_registry_url=env.get("SCHEMA_REGISTRY_URL") or default.schema_registry_url,
        cassandra_hosts=_hosts(env.get("CASSANDRA_HOSTS")) or default.cassandra_hosts,
        cassandra_datacenter=env.get("CASSANDRA_DATACENTER") or default.cassandra_datacenter,
        postgres_host=env.get("POSTGRES_HOST") or default.postgres_host,
        executor_memory=env.get("EXECUTOR_MEMORY") or default.executor_memory,
        executor_cores=_integer(env, "EXECUTOR_CORES", default.executor_cores),
        max_offsets_per_trigger=_integer(
            env, "MAX_OFFSETS_PER_TRIGGER", default.max_offsets_per_trigger
        ),
        trigger_interval_s=_integer(env, "TRIGGER_INTERVAL_S", default.trigger_interval_s),
        checkpoint=CheckpointDir(checkpoint) if checkpoint else default.checkpoint,
        s3_endpoint=env.get("AWS_ENDPOINT_URL") or default.s3_endpoint,
    )


def _hosts(text: str | None) -> tuple[str, ...]:
    return tuple(host.strip() for host in (text or "").split(",") if host.strip())


def _integer(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name)
    if not text:
        return default
    try:
        return int(text) or default
    except ValueError:
        raise ValueError(f"{name} must be an integer, got {text!r}") from None
