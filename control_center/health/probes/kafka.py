"""Kafka's brokers: does every one answer, belong to the cluster, and take what Connect sends?"""

from __future__ import annotations

from contract.errors import UnreachableError
from control_center.clients.clients import Clients
from control_center.clients.liveness import ask_all, kafka_alive
from control_center.config import LARGEST, TOPIC
from control_center.health.result import ProbeResult, ProbeState

NAME = "kafka"
LIMIT = "max.message.bytes"


def probe(clients: Clients) -> ProbeResult:
    expected = clients.settings.kafka_bootstrap
    answers = ask_all(expected, kafka_alive)
    evidence: dict[str, object] = {
        "brokers": {
            broker: answer.cause if answer else "answers" for broker, answer in answers.items()
        }
    }
    for answer in answers.values():
        if isinstance(answer, UnreachableError):
            return ProbeResult(NAME, ProbeState.FAIL, str(answer), answer.component, evidence)
    first = expected[0].split(":")[0]
    try:
        members = clients.kafka.metadata(TOPIC).brokers
        largest = clients.kafka.setting(TOPIC, LIMIT)
    except UnreachableError as error:
        return ProbeResult(NAME, ProbeState.FAIL, str(error), error.component, evidence)
    seen = {broker.host for broker in members.values()}
    evidence["members"] = sorted(map(str, seen))
    for host in (broker.split(":")[0] for broker in expected):
        if host not in seen:
            return ProbeResult(
                NAME,
                ProbeState.FAIL,
                f"{host} answers but is no member of the cluster",
                host,
                evidence,
            )
    if largest is not None and int(largest) < LARGEST:
        return ProbeResult(NAME, ProbeState.FAIL, small(int(largest)), first, evidence)
    return ProbeResult(
        NAME, ProbeState.OK, f"{len(seen)} of {len(expected)} brokers", first, evidence
    )


def small(largest: int) -> str:
    """What is wrong with a topic that takes no larger message."""
    return (
        f"{TOPIC} takes no message of more than {largest:,} bytes, and Connect retries larger ones "
        f"for ever: set its {LIMIT} to {LARGEST}"
    )
