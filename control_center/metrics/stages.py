"""From the evidence of probes and measures: counters and gauges of every stage, in its order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from control_center.health.probes.slot import retained

Evidence = Mapping[str, Mapping[str, Any]]
"""Name of a probe or measure → its evidence, {} where it came to none."""


def families(evidence: Evidence) -> Iterator[Metric]:
    """A family whose value is not known has no sample."""
    slot, topic, lag = evidence["slot"], evidence["topic"], evidence["lag"]
    ends = topic.get("end_offsets")
    yield counter(
        "riada_people_committed",
        "Changes of people that PostgreSQL counted: inserts, updates, deletes.",
        slot.get("changes"),
    )
    yield counter(
        "riada_rejects",
        "People whom the source gave and PostgreSQL did not take.",
        evidence["ingest"].get("rejects"),
    )
    yield counter(
        "riada_people_on_topic",
        "Changes of people that came to the topic.",
        sum(ends.values()) if ends else None,
    )
    yield counter(
        "riada_people_in_cassandra",
        "Changes of people from the topic that Cassandra has, dead letters left out.",
        evidence["stream"].get("delivered"),
    )
    yield counter(
        "riada_dead_letters", "Messages that could not be written.", topic.get("dead_letters")
    )
    yield gauge("riada_slot_active", "1: Debezium reads the slot.", slot.get("active"))
    yield gauge("riada_slot_retained_bytes", "WAL that the slot holds back.", retained(slot))
    yield gauge("riada_slot_safe_bytes", "WAL until the slot is lost.", slot.get("safe_wal_bytes"))
    yield labelled(
        "riada_connect_running",
        "1: this part of the connector runs.",
        "part",
        connector(evidence["connect"]),
    )
    yield gauge(
        "riada_topic_under_replicated_partitions",
        "Partitions of the topic with a replica behind.",
        count(topic, "under_replicated"),
    )
    yield labelled(
        "riada_stream_lag_messages",
        "Messages on the topic and in no batch.",
        "partition",
        lag.get("waiting_by_partition", {}),
    )
    yield gauge(
        "riada_stream_oldest_waiting_seconds",
        "Age of the oldest message that is in no batch; 0 when none waits.",
        lag.get("oldest_waiting_s") if lag.get("waiting") else lag.get("waiting"),
    )


def connector(connect: Mapping[str, Any]) -> dict[str, bool]:
    """ "connector", "task-0", … → does it run?"""
    if "tasks" not in connect:
        return {}
    tasks = {f"task-{number}": state for number, state in connect["tasks"].items()}
    states = {"connector": connect["connector"], **tasks}
    return {part: state == "RUNNING" for part, state in states.items()}


def count(evidence: Mapping[str, Any], key: str) -> int | None:
    """How many it lists under `key`."""
    return len(evidence[key]) if key in evidence else None


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
