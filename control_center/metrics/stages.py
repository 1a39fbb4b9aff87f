"""Counters and gauges of every stage, from the details of the probes, in the order of the
pipeline. Those of one table have the label `table`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prometheus_client.core import Metric

from contract.health.details.backup import BackupDetails
from contract.health.details.capture import CaptureDetails
from contract.health.details.cassandra import CassandraDetails
from contract.health.details.connect import ConnectDetails
from contract.health.details.databases import DatabasesDetails
from contract.health.details.disk import DiskDetails
from contract.health.details.driver import DriverDetails
from contract.health.details.ingest import IngestDetails
from contract.health.details.kafka import KafkaDetails
from contract.health.details.lag import LagDetails, TableLag
from contract.health.details.postgres import PostgresDetails
from contract.health.details.slot import SlotDetails
from contract.health.details.source import SourceDetails
from contract.health.details.topic import TopicDetails
from contract.health.result import ProbeResult, details_of
from contract.kafka.connect import ConnectorState
from contract.stream.driver_status import TableState
from control_center.metrics import storage
from control_center.metrics.families import Labels, by_database, counter, labelled
from control_center.metrics.stream import StreamDetails

# A query that makes no progress, and says why.
FAULTY = (TableState.HALTED.value, TableState.RETRYING.value)


def families(results: Sequence[ProbeResult]) -> Iterator[Metric]:
    """A family with an unknown value has no sample."""
    slot, topic = details_of(results, SlotDetails), details_of(results, TopicDetails)
    ingest, lag = details_of(results, IngestDetails), details_of(results, LagDetails)
    stream, connect = details_of(results, StreamDetails), details_of(results, ConnectDetails)
    driver, source = details_of(results, DriverDetails), details_of(results, SourceDetails)
    databases, capture = details_of(results, DatabasesDetails), details_of(results, CaptureDetails)
    disk, postgres = details_of(results, DiskDetails), details_of(results, PostgresDetails)
    yield from storage.disk(disk, postgres)
    kafka, cassandra = details_of(results, KafkaDetails), details_of(results, CassandraDetails)
    yield counter(
        "riada_rows_committed",
        "Changes of rows that PostgreSQL counted: inserts, updates, deletes.",
        slot.all_changes if slot else {},
    )
    yield labelled(
        "riada_source_continuous",
        "1: the table's source gives new rows every minute.",
        ["table"],
        {(name,): table.continuous for name, table in source.tables.items()} if source else {},
    )
    yield counter(
        "riada_rejects",
        "Rows that the source delivered and PostgreSQL refused.",
        {name: table.rejects for name, table in ingest.tables.items()} if ingest else {},
    )
    yield counter(
        "riada_rows_on_topic",
        "Changes of rows that arrived on the topic.",
        {name: table.messages for name, table in topic.tables.items()} if topic else {},
    )
    yield counter(
        "riada_rows_in_cassandra",
        "Changes of rows from the topic that Cassandra has, without dead letters.",
        stream.delivered if stream else {},
    )
    yield counter(
        "riada_dead_letters",
        "Messages that could not be written.",
        {name: table.dead_letters for name, table in topic.tables.items()} if topic else {},
    )
    slots = slot.every if slot else {}
    yield by_database(
        "riada_slot_active",
        "1: Debezium reads the slot.",
        {name: each.active for name, each in slots.items()},
    )
    yield by_database(
        "riada_slot_retained_bytes",
        "WAL that the slot holds back.",
        {name: each.retained for name, each in slots.items()},
    )
    yield by_database(
        "riada_slot_safe_bytes",
        "WAL until the slot is lost.",
        {name: each.safe_wal_bytes for name, each in slots.items()},
    )
    yield from storage.backups(details_of(results, BackupDetails))
    yield labelled(
        "riada_certificate_expires_seconds",
        "When the service's certificate expires, in seconds since 1970.",
        ["service"],
        certificates(postgres, cassandra),
    )
    yield labelled(
        "riada_connect_running",
        "1: this part of the connector runs.",
        ["part", "database"],
        {
            (part, database): runs
            for database, each in (connect.every if connect else {}).items()
            for part, runs in running_parts(each).items()
        },
    )
    yield labelled(
        "riada_database_up",
        "1: the other PostgreSQL answers, and all its tables can be captured.",
        ["database"],
        {
            (name,): each.is_ready
            for name, each in (databases.databases if databases else {}).items()
        },
    )
    yield labelled(
        "riada_topic_under_replicated_partitions",
        "Partitions of the topic with a replica behind.",
        ["table"],
        {(name,): len(table.under_replicated) for name, table in topic.tables.items()}
        if topic
        else {},
    )
    yield from storage.topic_limits(topic.tables if topic else {})
    yield from storage.replicas(kafka, cassandra)
    yield labelled(
        "riada_stream_running",
        "1: the table's streaming query runs or starts; 0: it has halted or is retrying.",
        ["table"],
        {(name,): table.state not in FAULTY for name, table in driver.tables.items() if table.state}
        if driver
        else {},
    )
    yield labelled(
        "riada_repair_needed",
        "1: a store lost data or went back in time, and no comparison was equal since.",
        ["table"],
        repair_needed(capture, driver),
    )
    yield labelled(
        "riada_stream_lag_messages",
        "Messages on the topic that no batch covers.",
        ["table", "partition"],
        waiting_messages(lag) if lag else {},
    )
    yield labelled(
        "riada_stream_oldest_waiting_seconds",
        "Age of the oldest message that no batch covers; 0 when none waits.",
        ["table"],
        oldest_waiting(lag) if lag else {},
    )


def certificates(
    postgres: PostgresDetails | None, cassandra: CassandraDetails | None
) -> dict[tuple[str, ...], float]:
    """(service,) → when its certificate expires, in seconds since 1970."""
    until = dict(cassandra.certificates_until) if cassandra else {}
    if postgres and postgres.certificate_until is not None:
        until["postgres"] = postgres.certificate_until
    return {(service,): expires for service, expires in until.items()}


def repair_needed(
    capture: CaptureDetails | None, driver: DriverDetails | None
) -> dict[Labels, float]:
    """(table,) → whether rows may be missing in Cassandra, or be there although PostgreSQL deleted
    them."""
    needed = dict(capture.unverified) if capture else {}
    for name, query in (driver.tables if driver else {}).items():
        needed[name] = needed.get(name, False) or query.unverified
    return {(name,): value for name, value in needed.items()}


def running_parts(connect: ConnectDetails) -> dict[str, bool]:
    """ "connector", "task-0", … → whether it runs."""
    tasks = {f"task-{number}": state for number, state in connect.tasks.items()}
    states = {"connector": connect.connector, **tasks}
    return {part: state == ConnectorState.RUNNING for part, state in states.items()}


def waiting_messages(lag: LagDetails) -> dict[Labels, float]:
    """(table, partition) → the number of waiting messages."""
    return {
        (name, partition): count
        for name, table in lag.tables.items()
        for partition, count in table.waiting.items()
    }


def oldest_waiting(lag: LagDetails) -> dict[Labels, float]:
    """(table,) → seconds; without tables whose waiting messages have an unknown age."""
    ages = {name: oldest_waiting_s(table) for name, table in lag.tables.items()}
    return {(name,): age for name, age in ages.items() if age is not None}


def oldest_waiting_s(lag: TableLag) -> float | None:
    """0 when no message waits; None if messages wait and their age is unknown."""
    return lag.oldest_waiting_s if lag.count else 0.0
