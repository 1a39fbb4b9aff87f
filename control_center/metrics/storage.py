"""Gauges of what the stores hold: disk, limits of topics, replicas and backups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from prometheus_client.core import Metric

from contract.health.details.backup import BackupDetails, BackupPart
from contract.health.details.cassandra import CassandraDetails
from contract.health.details.disk import DiskDetails
from contract.health.details.kafka import KafkaDetails
from contract.health.details.postgres import PostgresDetails
from contract.health.details.topic import TableTopic
from control_center.metrics.families import Labels, labelled


def disk(details: DiskDetails | None, postgres: PostgresDetails | None) -> Iterator[Metric]:
    """Metrics of the disk that holds the artifacts, and of PostgreSQL's WAL."""
    for kind, size in (("free", details.free), ("size", details.size)) if details else ():
        text = f"The disk that holds the artifacts: {kind}."
        yield labelled(f"riada_disk_{kind}_bytes", text, [], {(): size})
    yield labelled(
        "riada_wal_bytes",
        "WAL of Riada's own PostgreSQL on its disk.",
        [],
        {(): postgres.wal_bytes} if postgres else {},
    )


def replicas(kafka: KafkaDetails | None, cassandra: CassandraDetails | None) -> Iterator[Metric]:
    """0 if everything has the replicas that the size allows."""
    yield labelled(
        "riada_replicas_missing",
        "Kafka: topics with fewer replicas than the brokers allow. Cassandra: missing replicas of "
        "each row, and nodes that have not repaired theirs.",
        ["store"],
        missing_replicas(kafka, cassandra),
    )


def topic_limits(topics: Mapping[str, TableTopic]) -> Iterator[Metric]:
    """How much of what Kafka keeps of each topic is left, and the limits beyond which it deletes
    messages. `topics`: by table."""
    yield labelled(
        "riada_topic_messages",
        "Messages on the topic that retention has left.",
        ["table", "topic", "partition"],
        {
            (name, table.topic, partition): count
            for name, table in topics.items()
            for partition, count in table.kept.items()
        },
    )
    limits: dict[str, dict[str, float | None]] = {
        "bytes": {name: table.limit_bytes for name, table in topics.items()},
        "seconds": {name: table.limit_s for name, table in topics.items()},
    }
    for unit, values in limits.items():
        yield labelled(
            f"riada_topic_limit_{unit}",
            "Of a partition: Kafka deletes the messages beyond it, also unread ones.",
            ["table"],
            {(name,): value for name, value in values.items() if value is not None},
        )


def backups(details: BackupDetails | None) -> Iterator[Metric]:
    """Times of PostgreSQL's backups, and what the probe found about each part."""
    report = details.report if details else None
    for name, text, moment in (
        ("riada_backup_newest_seconds", "Time of the newest backup.", "newest_at"),
        ("riada_backup_oldest_seconds", "The earliest time that can be restored.", "oldest_at"),
        ("riada_restore_test_seconds", "Time of the newest successful restore test.", "tested_at"),
    ):
        known = getattr(report, moment) if report else ""
        yield labelled(
            name,
            f"{text} Seconds since 1970.",
            [],
            {(): datetime.fromisoformat(known).timestamp()} if known else {},
        )
    yield labelled(
        "riada_backup_waiting_wal_files",
        "WAL files that wait for the archive.",
        [],
        {(): details.waiting_wal_files} if details else {},
    )
    yield labelled(
        "riada_backup_problem",
        "1: make status names a problem of this part: backup, archive or restore-test.",
        ["part"],
        {(part.value,): part.value in details.problems for part in BackupPart} if details else {},
    )


def missing_replicas(
    kafka: KafkaDetails | None, cassandra: CassandraDetails | None
) -> dict[Labels, float]:
    """(store,) → 0 if everything has the replicas that the size allows."""
    values: dict[Labels, float] = {}
    if kafka and kafka.members:
        values["kafka",] = len(kafka.few)
    if cassandra and cassandra.replicas is not None and cassandra.wanted is not None:
        missing = max(cassandra.wanted - cassandra.replicas, 0)
        values["cassandra",] = missing + len(cassandra.unrepaired)
    return values
