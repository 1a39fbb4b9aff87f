"""The topic of people: does it exist, is every partition led and replicated?"""

from __future__ import annotations

from contract.health.details.topic import TopicDetails
from contract.health.result import ProbeResult
from control_center.clients.clients import Clients
from control_center.config import TOPIC
from control_center.health.outcome import Outcome
from control_center.pipeline import dead_letters

OUTCOME = Outcome("topic", "kafka-1")


def probe(clients: Clients) -> ProbeResult:
    partitions = clients.kafka.metadata(TOPIC).topics[TOPIC].partitions
    ends = clients.kafka.offsets(TOPIC)
    backlog = dead_letters.waiting(clients)
    details = TopicDetails(
        partitions=len(ends),
        end_offsets={str(partition): end for partition, end in sorted(ends.items())},
        under_replicated=tuple(
            number for number, part in partitions.items() if len(part.isrs) < len(part.replicas)
        ),
        without_leader=tuple(number for number, part in partitions.items() if part.leader < 0),
        dead_letters=backlog.total,
        dead_letters_waiting=backlog.waiting,
    )
    return evaluate(details, backlog.reason)


def evaluate(topic: TopicDetails, reason: str = "") -> ProbeResult:
    """`reason`: the reason of the newest waiting dead letter."""
    if not topic.end_offsets:
        return OUTCOME.fail(f"{TOPIC} does not exist: the connector creates it", None, "connect")
    if topic.without_leader:
        return OUTCOME.fail(f"partitions {list(topic.without_leader)} have no leader", topic)
    if topic.under_replicated:
        return OUTCOME.warn(
            f"partitions {list(topic.under_replicated)} are under-replicated", topic
        )
    if topic.dead_letters_waiting:
        count = topic.dead_letters_waiting
        return OUTCOME.warn(
            f"{count:,} dead letter{'s wait' if count > 1 else ' waits'} to be corrected and "
            f"replayed, the newest: {reason}",
            topic,
            "spark-driver",
        )
    return OUTCOME.ok(f"{topic.partitions} partitions end after {topic.messages:,} messages", topic)
