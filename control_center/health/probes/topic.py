"""The topic of people: is it there, is every partition led and replicated?"""

from __future__ import annotations

from control_center.clients.clients import Engines
from control_center.clients.liveness import UnreachableError
from control_center.config import TOPIC
from control_center.health.result import Result, State
from control_center.pipeline import dead_letters

NAME = "topic"


def probe(engines: Engines) -> Result:
    try:
        described = engines.kafka.metadata(TOPIC).topics[TOPIC]
        ends = engines.kafka.offsets(TOPIC)
        refused = dead_letters.waiting(engines)
    except UnreachableError as error:
        return Result(NAME, State.FAIL, f"unknown: Kafka {error}", "kafka-1")
    if not ends:
        return Result(NAME, State.FAIL, f"{TOPIC} is not there: the connector makes it", "connect")
    leaderless = [number for number, part in described.partitions.items() if part.leader < 0]
    thin = [
        number
        for number, part in described.partitions.items()
        if len(part.isrs) < len(part.replicas)
    ]
    evidence = {
        "partitions": len(ends),
        "end_offsets": {str(partition): end for partition, end in sorted(ends.items())},
        "under_replicated": thin,
        "without_leader": leaderless,
        "dead_letters": refused.total,
        "dead_letters_waiting": refused.waiting,
    }
    if leaderless:
        return Result(
            NAME,
            State.FAIL,
            f"partitions {leaderless} have no leader",
            "kafka-1",
            evidence,
        )
    if thin:
        return Result(
            NAME,
            State.WARN,
            f"partitions {thin} are under-replicated",
            "kafka-1",
            evidence,
        )
    held = f"{len(ends)} partitions end after {sum(ends.values()):,} messages"
    if refused.waiting:
        return Result(
            NAME,
            State.WARN,
            f"{refused.waiting:,} dead letter{'s wait' if refused.waiting > 1 else ' waits'} "
            f"to be mended and sent again, the newest: {refused.reason}",
            "spark-driver",
            evidence,
        )
    return Result(NAME, State.OK, held, "kafka-1", evidence)
