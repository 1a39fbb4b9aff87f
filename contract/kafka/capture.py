"""What is captured: the newest record of the capture topic, which the connector manager writes.

Key `users`, value JSON. The manager writes one every 10 s, so the LSN is at most that far behind.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from enum import Enum

from contract.kafka.topics import CAPTURE

TOPIC = CAPTURE.name
CONNECTOR = "users"
SLOT = "riada"
REST_USER, REST_SECRET = "riada", "connect-rest"  # the login of Kafka Connect's API
KEY = "users"


class State(str, Enum):
    BEGINNING = "beginning"
    """A new epoch is prepared; nothing of it is on the topic yet."""
    CAPTURING = "capturing"


@dataclass(frozen=True)
class Capture:
    """`lsn` is PostgreSQL's flushed position (bytes) and `mark` the counter in its table
    public.capture when the record was written; `reason` is why the epoch began; times are ISO 8601
    in UTC. `topic_id` is Kafka's id of the users topic, and `log_id` a random name for what Kafka
    holds: another one after Kafka lost its messages. Both are "" in records of earlier releases."""

    epoch: int
    state: State
    system_identifier: str
    timeline: str
    lsn: int
    mark: int
    at: str
    began_at: str
    reason: str
    topic_id: str = ""
    log_id: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Capture:
        """Fields that this release does not know are ignored."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in json.loads(text).items() if name in known}
        return cls(**values | {"state": State(values["state"])})


class Progress:
    """Since when has capture not moved? One definition for the manager and the Control Center.

    A task may be RUNNING for good whose producer has died or whose messages the topic refuses:
    then neither the slot's confirmed LSN moves, which Debezium's heartbeat moves every 10 s, nor
    does the topic grow.
    """

    def __init__(self) -> None:
        self._place: tuple[object, int] | None = None
        self._since = 0.0

    def stuck_s(self, confirmed_lsn: object, messages: int, now: float) -> float:
        """Seconds since either of them changed; `now` is any monotonic clock's."""
        place = (confirmed_lsn, messages)
        if place != self._place:
            self._place, self._since = place, now
        return now - self._since

    def reset(self) -> None:
        """To be called while capture cannot move: nobody reads the slot, or Kafka is away."""
        self._place = None
