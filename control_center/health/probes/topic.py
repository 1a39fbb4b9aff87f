"""The topic of people: is it there, is every partition led and replicated?"""

from __future__ import annotations

from contract.errors import UnreachableError
from control_center.clients.clients import Clients
from control_center.config import TOPIC
from control_center.health.result import ProbeResult, ProbeState
from control_center.pipeline import dead_letters

NAME = "topic"


def probe(clients: Clients) -> ProbeResult:
    try:
        described = clients.kafka.metadata(TOPIC).topics[TOPIC]
        ends = clients.kafka.offsets(TOPIC)
        refused = dead_letters.waiting(clients)
    except UnreachableError as error:
        return ProbeResult(NAME, ProbeState.FAIL, str(error), error.component)
    if not ends:
        return ProbeResult(
            NAME, ProbeState.FAIL, f"{TOPIC} is not there: the connector makes it", "connect"
        )
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
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"partitions {leaderless} have no leader",
            "kafka-1",
            evidence,
        )
    if thin:
        return ProbeResult(
            NAME,
            ProbeState.WARN,
            f"partitions {thin} are under-replicated",
            "kafka-1",
            evidence,
        )
    held = f"{len(ends)} partitions end after {sum(ends.values()):,} messages"
    if refused.waiting:
        return ProbeResult(
            NAME,
            ProbeState.WARN,
            f"{refused.waiting:,} dead letter{'s wait' if refused.waiting > 1 else ' waits'} "
            f"to be mended and sent again, the newest: {refused.reason}",
            "spark-driver",
            evidence,
        )
    return ProbeResult(NAME, ProbeState.OK, held, "kafka-1", evidence)
