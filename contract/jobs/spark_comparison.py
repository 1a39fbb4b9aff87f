"""A comparison of all rows of a table by the streaming driver's Spark application: the records of
topic riada.comparisons.

The Control Center sends a request every REPEAT_S as long as it wants the answer. So a driver that
starts meanwhile takes the request up, and a driver stops when nobody waits for its answer. The key
of each message is its RecordKind, its value JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from contract.jobs.compare import OffsetSummary, StoreSummary
from contract.json_record import JsonRecord
from contract.kafka.topics import COMPARISONS

TOPIC = COMPARISONS.name
REPEAT_S = 5.0
# A comparison whose request is this old is cancelled.
LEASE_S = 30.0
# The topic's partitions: RowDigests may be many, and only the Control Center reads them.
CONTROL, DIFFERENCES = 0, 1
# RowDigests.number: the bits of the place within a part.
PLACE_BITS = 33


class RecordKind(str, Enum):
    REQUEST = "request"
    CANCEL = "cancel"  # ComparisonRequest: its answer is no longer wanted
    PROGRESS = "progress"
    RESULT = "result"
    FAILURE = "failure"
    DIFFERENCE = "difference"


@dataclass(frozen=True)
class Span(JsonRecord):
    """Offsets of one partition; `end` is exclusive."""

    partition: int
    start: int
    end: int


@dataclass(frozen=True)
class ComparisonRequest(JsonRecord):
    """`id`: chosen by the Control Center. `topic`, `dead_letters`: the messages to read of the
    table's two topics. `rows`: an estimate."""

    id: str
    table: str
    topic: tuple[Span, ...]
    dead_letters: tuple[Span, ...]
    rows: int

    @property
    def messages(self) -> int:
        """The number of offsets in `topic`."""
        return sum(max(0, span.end - span.start) for span in self.topic)

    @property
    def has_expired_events(self) -> bool:
        """Whether retention has deleted messages of the topic."""
        return any(span.start for span in self.topic)


@dataclass(frozen=True)
class ComparisonProgress(JsonRecord):
    """`text`: for people."""

    id: str
    text: str


@dataclass(frozen=True)
class ComparisonFailure(JsonRecord):
    """`cause`: why the driver cannot compare the table, as the continuation of a component."""

    id: str
    cause: str


@dataclass(frozen=True)
class ComparisonResult(JsonRecord):
    """`stores`: store name → count and checksum, without the expired rows. `run`: of the messages
    with the rows that differ, `differing` in number. `expired`: rows that are equal in PostgreSQL
    and Cassandra and have no event on the topic. `offsets` has no gaps."""

    id: str
    run: str
    stores: Mapping[str, StoreSummary]
    differing: int
    expired: int
    offsets: OffsetSummary


Answer = ComparisonProgress | ComparisonResult | ComparisonFailure
ANSWERS: Mapping[RecordKind, type[Answer]] = {
    RecordKind.PROGRESS: ComparisonProgress,
    RecordKind.RESULT: ComparisonResult,
    RecordKind.FAILURE: ComparisonFailure,
}


@dataclass(frozen=True)
class RowDigests(JsonRecord):
    """A row that differs. `postgres`, `topic`, `cassandra`: its digest (contract/table/digest.py)
    as 32 hexadecimal digits; None in a store without the row. `version`, `partition` and `offset`:
    of its newest event, which may be a delete. `number`: rises within each part of a run; a part
    that is repeated uses its numbers again."""

    run: str
    number: int
    key: str
    postgres: str | None = None
    topic: str | None = None
    cassandra: str | None = None
    version: int | None = None
    partition: int | None = None
    offset: int | None = None
