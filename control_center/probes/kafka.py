"""Kafka's brokers: does every one answer, and belong to the cluster?"""

from __future__ import annotations

from control_center.clients.wire import UnreachableError, ask_all, kafka_alive
from control_center.engines import Engines
from control_center.probes.result import Result, State
from control_center.settings import TOPIC

NAME = "kafka"


def probe(engines: Engines) -> Result:
    expected = engines.settings.kafka_bootstrap
    answers = ask_all(expected, kafka_alive)
    evidence: dict[str, object] = {
        "brokers": {broker: str(answer or "answers") for broker, answer in answers.items()}
    }
    for broker, answer in answers.items():
        if isinstance(answer, UnreachableError):
            host = broker.split(":")[0]
            return Result(NAME, State.FAIL, f"{host} {answer}", host, evidence)
    first = expected[0].split(":")[0]
    try:
        members = engines.kafka.metadata(TOPIC).brokers
    except UnreachableError as error:
        return Result(NAME, State.FAIL, f"the cluster {error}", first, evidence)
    seen = {broker.host for broker in members.values()}
    evidence["members"] = sorted(map(str, seen))
    for host in (broker.split(":")[0] for broker in expected):
        if host not in seen:
            return Result(
                NAME,
                State.FAIL,
                f"{host} answers but is no member of the cluster",
                host,
                evidence,
            )
    return Result(NAME, State.OK, f"{len(seen)} of {len(expected)} brokers", first, evidence)
