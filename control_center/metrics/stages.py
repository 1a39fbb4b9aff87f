"""Counters and gauges of every stage, from the details of the probes, in the order of the
pipeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from contract.health.details.connect import ConnectDetails
from contract.health.details.ingest import IngestDetails
from contract.health.details.lag import LagDetails
from contract.health.details.slot import SlotDetails
from contract.health.details.topic import TopicDetails
from contract.health.result import ProbeResult, details_of
from contract.kafka.connect import ConnectorState
from control_center.metrics.stream import StreamDetails


def families(results: Sequence[ProbeResult]) -> Iterator[Metric]:
    """A family with an unknown value has no sample."""
    slot, topic = details_of(results, SlotDetails), details_of(results, TopicDetails)
    ingest, lag = details_of(results, IngestDetails), details_of(results, LagDetails)
    stream, connect = details_of(results, StreamDetails), details_of(results, ConnectDetails)
    yield counter(
        "riada_people_committed",
        "Changes of people that PostgreSQL counted: inserts, updates, deletes.",
        slot.changes if slot else None,
    )
    yield counter(
        "riada_rejects",
        "People that the source delivered and PostgreSQL refused.",
        ingest.rejects if ingest else None,
    )
    yield counter(
        "riada_people_on_topic",
        "Changes of people that arrived on the topic.",
        topic.messages if topic else None,
    )
    yield counter(
        "riada_people_in_cassandra",
        "Changes of people from the topic that Cassandra has, without dead letters.",
        stream.delivered if stream else None,
    )
    yield counter(
        "riada_dead_letters",
        "Messages that could not be written.",
        topic.dead_letters if topic else None,
    )
    yield gauge("riada_slot_active", "1: Debezium reads the slot.", slot.active if slot else None)
    yield gauge(
        "riada_slot_retained_bytes",
        "WAL that the slot holds back.",
        slot.retained if slot else None,
    )
    yield gauge(
        "riada_slot_safe_bytes",
        "WAL until the slot is lost.",
        slot.safe_wal_bytes if slot else None,
    )
    yield labelled(
        "riada_connect_running",
        "1: this part of the connector runs.",
        "part",
        running_parts(connect) if connect else {},
    )
    yield gauge(
        "riada_topic_under_replicated_partitions",
        "Partitions of the topic with a replica behind.",
        len(topic.under_replicated) if topic else None,
    )
    yield labelled(
        "riada_stream_lag_messages",
        "Messages on the topic that no batch covers.",
        "partition",
        lag.waiting_by_partition if lag else {},
    )
    yield gauge(
        "riada_stream_oldest_waiting_seconds",
        "Age of the oldest message that no batch covers; 0 when none waits.",
        oldest_waiting_s(lag) if lag else None,
    )


def running_parts(connect: ConnectDetails) -> dict[str, bool]:
    """ "connector", "task-0", … → whether it runs."""
    tasks = {f"task-{number}": state for number, state in connect.tasks.items()}
    states = {"connector": connect.connector, **tasks}
    return {part: state == ConnectorState.RUNNING for part, state in states.items()}


def oldest_waiting_s(lag: LagDetails) -> float | None:
    """0 when no message waits; None if messages wait and their age is unknown."""
    return lag.oldest_waiting_s if lag.waiting else 0.0


def counter(name: str, text: str, value: float | None) -> Metric:
    """A counter; the format adds _total to its name."""
    family = CounterMetricFamily(name, text)
    if value is not None:
        family.add_metric([], value)
    return family


def gauge(name: str, text: str, value: float | None) -> Metric:
    family = GaugeMetricFamily(name, text)
    if value is not None:
        family.add_metric([], float(value))
    return family


def labelled(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    """A gauge with one label."""
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], float(value))
    return family
