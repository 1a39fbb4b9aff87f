"""Dead letters: messages that the streaming job could not write, with their origin and reason."""

from __future__ import annotations

from typing import Any

from confluent_kafka import Message

from control_center.messages import UndecodableError


def origin(message: Message) -> tuple[int, int]:
    """Partition and offset on the topic that a dead letter came from (its headers)."""
    headers: dict[str, Any] = dict(message.headers() or [])  # type: ignore[arg-type]
    try:
        return int(headers["origin.partition"]), int(headers["origin.offset"])
    except (KeyError, TypeError, ValueError) as error:
        raise UndecodableError(f"a dead letter without its origin: {error!r}") from error
