"""A message of Kafka's client as data."""

from __future__ import annotations

import pytest

from contract.kafka.offsets import TopicOffset
from control_center.pipeline.topic_message import TopicMessage
from tests.control_center.in_memory_clients import InMemoryMessage


@pytest.mark.parametrize(
    ("timestamp", "expected"), [((1, 5), 5), ((0, 5), None), ((1, 0), None), ((1, -1), None)]
)
def test_a_message_without_a_time(timestamp: tuple[int, int], expected: int | None) -> None:
    message = InMemoryMessage(None, None, [("a", b"1"), ("b", None)])
    message.time = timestamp
    assert TopicMessage.of(message) == TopicMessage(  # type: ignore[arg-type]
        TopicOffset(0, 0), None, None, (("a", b"1"), ("b", None)), expected
    )
