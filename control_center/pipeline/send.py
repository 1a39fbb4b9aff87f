"""Sends messages to Kafka, and tells whether the brokers have acknowledged all of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from confluent_kafka import KafkaError, Producer

BY_KEY = -1  # Kafka's client chooses the partition by the key, as Debezium does


class Message(NamedTuple):
    topic: str
    value: bytes | str
    key: bytes | str
    partition: int = BY_KEY


def send(producer: Producer, messages: Iterable[Message], limit_s: float) -> str:
    """Returns "" if all are acknowledged, otherwise why one is not. Waits up to `limit_s` for the
    last ones."""
    errors: list[str] = []

    def on_delivery(error: KafkaError | None, _: Any) -> None:
        if error:
            errors.append(error.str())

    for topic, value, key, partition in messages:
        producer.produce(topic, value, key, partition, on_delivery=on_delivery)
        producer.poll(0)
    if unacknowledged := producer.flush(limit_s):
        errors.append(f"{unacknowledged} messages were not acknowledged")
    return errors[0] if errors else ""
