"""The topic of comparisons (contract/jobs/spark_comparison.py)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Protocol

from confluent_kafka import Consumer, Producer, TopicPartition

from contract.errors import UnreachableError
from contract.jobs.spark_comparison import (
    ANSWERS,
    CONTROL,
    DIFFERENCES,
    PLACE_BITS,
    TOPIC,
    Answer,
    ComparisonRequest,
    ComparisonResult,
    RecordKind,
    RowDigests,
)
from contract.stores.cassandra.batches import Offsets
from control_center.clients.clients import Clients
from control_center.pipeline import messages
from control_center.pipeline.send import Message, send

POLL_S = 0.5
FLUSH_S = 20.0

_ANSWERS = {kind.value: answer for kind, answer in ANSWERS.items()}


class Channel(Protocol):
    """Messages to and from the streaming driver. Every method raises UnreachableError."""

    def ask(self, request: ComparisonRequest, kind: RecordKind = RecordKind.REQUEST) -> None:
        """Sends the request, or its cancellation."""
        ...

    def poll(self) -> list[Answer]:
        """The answers to any request that have come; waits a moment for the first one."""
        ...

    def differences(self, result: ComparisonResult) -> Iterator[RowDigests]:
        """The rows that differ, each of them once."""
        ...


class KafkaChannel:
    """Sees the answers that come after it was made."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        ends = clients.kafka.offsets(TOPIC)
        if DIFFERENCES not in ends:
            container = clients.settings.container("connect")
            raise UnreachableError(
                clients.kafka.component,
                f"topic {TOPIC} does not exist",
                f"Connect makes a missing topic at its start: docker restart {container}",
            )
        self._start: Offsets = {DIFFERENCES: ends[DIFFERENCES]}
        self._producer: Producer = clients.kafka.producer()
        self._consumer: Consumer = clients.kafka.consumer()
        self._consumer.assign([TopicPartition(TOPIC, CONTROL, ends[CONTROL])])

    def ask(self, request: ComparisonRequest, kind: RecordKind = RecordKind.REQUEST) -> None:
        message = Message(TOPIC, json.dumps(request.to_json()), kind.value.encode(), CONTROL)
        if error := send(self._producer, [message], FLUSH_S):
            raise UnreachableError(self._clients.kafka.component, f"topic {TOPIC}: {error}")

    def poll(self) -> list[Answer]:
        answers: list[Answer] = []
        for message in self._consumer.consume(100, POLL_S):
            if error := message.error():
                raise UnreachableError(self._clients.kafka.component, error.str())
            kind = _ANSWERS.get(_text(message.key()))
            if kind is not None:
                answers.append(kind.from_json(json.loads(message.value() or b"")))
        return answers

    def close(self) -> None:
        self._consumer.close()

    def differences(self, result: ComparisonResult) -> Iterator[RowDigests]:
        if not result.differing:
            return
        ends = self._clients.kafka.offsets(TOPIC)
        end = {DIFFERENCES: ends[DIFFERENCES]}
        read = messages.read(self._clients, self._start, end, TOPIC)
        yield from of_run(result.run, (message.value() or b"" for message in read))


def of_run(run: str, values: Iterator[bytes | str]) -> Iterator[RowDigests]:
    """The rows of this run. A task that failed has sent some of its rows twice, in their order."""
    highest: dict[int, int] = {}
    for value in values:
        row = RowDigests.from_json(json.loads(value))
        part = row.number >> PLACE_BITS
        if row.run == run and row.number > highest.get(part, -1):
            highest[part] = row.number
            yield row


def _text(key: bytes | str | None) -> str:
    return key.decode(errors="replace") if isinstance(key, bytes) else key or ""
