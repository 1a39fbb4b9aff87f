"""The state of capture: the newest records of the capture topic; the connector manager writes them.

A record per database: `key` is its key, JSON its value. The manager writes one every 10 s, so the
LSN is at most that far behind.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import Enum

from contract.kafka.topics import CAPTURE

TOPIC = CAPTURE.name
CONNECTOR = "riada"
SLOT = "riada"
REST_USER, REST_SECRET = "riada", "connect-rest"  # the login of Kafka Connect's API
KEY = "capture"
REQUEST = "new-epoch"
REBUILD = "make rebuild"  # the reason of the epoch that it asks for


def connector(database: str = "") -> str:
    """The connector of a database of contract/table/database.py; "" is the platform's own."""
    return f"{CONNECTOR}-{database}" if database else CONNECTOR


def key(database: str = "") -> str:
    """The key of this database's records."""
    return f"{KEY}.{database}" if database else KEY


def request_key(database: str = "") -> str:
    """The key of an operator's request for a new epoch of this database (EpochRequest)."""
    return f"{REQUEST}.{database}" if database else REQUEST


class State(str, Enum):
    # A new epoch is prepared; nothing of it is on the topic yet.
    BEGINNING = "beginning"
    CAPTURING = "capturing"
    # The release no longer has the database: its connector and its slot are gone.
    ENDED = "ended"


@dataclass(frozen=True)
class CapturedTable:
    """A table whose existing rows were requested in this epoch. `relation` is its topic's name
    without the prefix, such as public.orders; `topic_id` is Kafka's id of that topic, and changes
    when the topic is created again; `columns` are those that the release delivered then. `read`:
    Debezium has read all of those rows, so that they are on the topic or on their way to it.
    `error`: Debezium's name for why it could not read them; they are requested again."""

    relation: str
    topic_id: str
    columns: tuple[str, ...]
    read: bool = False
    error: str = ""


@dataclass(frozen=True)
class Capture:
    """`lsn` is PostgreSQL's flushed position (bytes) and `mark` the counter in its table
    riada.capture when the record was written; `reason` is why the epoch began; times are ISO 8601
    in UTC. `log_id` is a random name for the contents of Kafka; it changes after Kafka lost its
    messages. `cluster_id`: of Kafka, "" if an earlier release wrote the record; ZooKeeper holds it.
    `tables`: name → what is captured of it."""

    epoch: int
    state: State
    system_identifier: str
    timeline: str
    lsn: int
    mark: int
    at: str
    began_at: str
    reason: str
    log_id: str = ""
    cluster_id: str = ""
    tables: Mapping[str, CapturedTable] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Capture:
        """Fields that this release does not know are ignored."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in json.loads(text).items() if name in known}
        tables = {
            name: CapturedTable(**table | {"columns": tuple(table["columns"])})
            for name, table in values.get("tables", {}).items()
        }
        return cls(**values | {"state": State(values["state"]), "tables": tables})


@dataclass(frozen=True)
class EpochRequest:
    """An operator's request. `after`: the epoch that the new one must follow; `fresh_topics`: the
    tables' topics are deleted and made again, so that they begin with the snapshot."""

    after: int
    reason: str
    fresh_topics: bool = False

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> EpochRequest:
        return cls(**json.loads(text))


class Progress:
    """For how long has capture not advanced? The manager and the Control Center use this
    definition.

    A task stays RUNNING although its producer has died or the topic refuses its messages. Then the
    slot's confirmed LSN, which Debezium's heartbeat advances every 10 s, does not advance, and the
    topic does not grow.
    """

    def __init__(self) -> None:
        self._place: tuple[object, int] | None = None
        self._since = 0.0

    def stuck_s(self, confirmed_lsn: object, messages: int, now: float) -> float:
        """Seconds since the LSN or the number of messages changed; `now` is a monotonic clock's."""
        place = (confirmed_lsn, messages)
        if place != self._place:
            self._place, self._since = place, now
        return now - self._since

    def reset(self) -> None:
        """Call this while capture cannot advance: the slot has no reader, or Kafka does not
        answer."""
        self._place = None
