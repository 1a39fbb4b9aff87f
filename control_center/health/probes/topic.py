"""The topics of the tables: does each exist, is every partition led and replicated?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contract.health.details.topic import TableTopic, TopicDetails
from contract.health.result import ProbeResult
from contract.kafka.topics import dead_letters as dead_letter_topic
from contract.kafka.topics import events
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.clients.kafka import Span
from control_center.health.by_table import Finding, fail, ok, summarize, tables, warn
from control_center.health.outcome import Outcome
from control_center.pipeline import dead_letters

OUTCOME = Outcome("topic", "kafka-1")


def probe(clients: Clients) -> ProbeResult:
    """A few requests for all topics, and more for each table that has dead letters."""
    release = clients.tables()
    names = events_of(release)
    names |= {dead_letter_topic(table).name for table in release.values()}
    topics = {name: topic for name, topic in clients.kafka.topics().items() if name in names}
    spans = clients.kafka.spans(topics) if topics else {}
    settings = clients.kafka.all_settings(name for name in events_of(release) if name in topics)
    states: dict[str, TableTopic | None] = {}
    reasons: dict[str, str] = {}
    for name, table in release.items():
        topic, of_dead_letters = events(table).name, dead_letter_topic(table).name
        total = waiting = 0
        if any(end > first for first, end in spans.get(of_dead_letters, {}).values()):
            backlog = dead_letters.waiting(clients, table)
            total, waiting, reasons[name] = backlog.total, backlog.waiting, backlog.reason
        elif total := sum(end for _, end in spans.get(of_dead_letters, {}).values()):
            total -= clients.replay_log(table).copies
        described = topics.get(topic)
        states[name] = (
            table_topic(described, spans[topic], total, waiting, settings.get(topic, {}))
            if described
            else None
        )
    return evaluate(states, reasons)


def events_of(release: Mapping[str, Table]) -> set[str]:
    """The names of the topics of events."""
    return {events(table).name for table in release.values()}


def table_topic(
    topic: Any,
    spans: Mapping[int, Span],
    total: int,
    waiting: int,
    settings: Mapping[str, str],
) -> TableTopic:
    """`topic`: Kafka's TopicMetadata; `spans`: partition → first offset and end; `total` and
    `waiting`: dead letters; `settings`: of the topic, as Kafka has them."""
    partitions = topic.partitions.items()
    limit_bytes, limit_ms = (limit(settings, f"retention.{unit}") for unit in ("bytes", "ms"))
    return TableTopic(
        end_offsets={str(partition): end for partition, (_, end) in sorted(spans.items())},
        under_replicated=tuple(
            number for number, part in partitions if len(part.isrs) < len(part.replicas)
        ),
        without_leader=tuple(number for number, part in partitions if part.leader < 0),
        dead_letters=total,
        dead_letters_waiting=waiting,
        kept={str(partition): end - first for partition, (first, end) in sorted(spans.items())},
        limit_bytes=limit_bytes,
        limit_s=None if limit_ms is None else limit_ms / 1000,
        topic=topic.topic,
    )


def limit(settings: Mapping[str, str], name: str) -> int | None:
    """Kafka's -1 is no limit."""
    value = int(settings.get(name, -1))
    return value if value >= 0 else None


def evaluate(
    topics: Mapping[str, TableTopic | None], reasons: Mapping[str, str] | None = None
) -> ProbeResult:
    """`topics`: name of a table → its topic, None if it does not exist. `reasons`: name → the
    reason of the newest waiting dead letter."""
    details = TopicDetails({name: topic for name, topic in topics.items() if topic})
    findings = {
        name: evaluate_topic(topic, (reasons or {}).get(name, "")) for name, topic in topics.items()
    }
    partitions = sum(len(topic.end_offsets) for topic in details.tables.values())
    summary = (
        f"{partitions} partitions of {tables(len(topics))} end after {details.messages:,} messages"
    )
    return summarize(OUTCOME, findings, summary, details, "have a healthy topic")


def evaluate_topic(topic: TableTopic | None, reason: str) -> Finding:
    """`reason`: of the newest waiting dead letter."""
    if topic is None or not topic.end_offsets:
        return fail("has no topic: the connector manager creates it", "connect")
    if topic.without_leader:
        return fail(f"has partitions without a leader: {list(topic.without_leader)}")
    if topic.under_replicated:
        return warn(f"has under-replicated partitions: {list(topic.under_replicated)}")
    if count := topic.dead_letters_waiting:
        noun = "dead letters that wait" if count > 1 else "dead letter that waits"
        return warn(
            f"has {count:,} {noun} to be corrected and replayed, the newest: {reason}",
            "spark-driver",
        )
    return ok()
