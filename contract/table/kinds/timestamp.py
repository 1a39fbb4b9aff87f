"""timestamp(0) to timestamp(3), without time zone: Cassandra's timestamp has milliseconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from contract.table.instant import EPOCH, milliseconds
from contract.table.kinds.kind import AvroType, Canonical, Fault, Kind
from contract.table.kinds.timestamptz import (
    EARLIEST,
    EARLIEST_MS,
    FROM_PERIOD,
    LATEST,
    LATEST_MS,
    PERIOD,
)

_NAME = re.compile(r"timestamp\((\d)\)(?: without time zone)?")
_FIRST, _LAST = (f"'{limit.replace(tzinfo=None).isoformat()}'" for limit in (EARLIEST, LATEST))


@dataclass(frozen=True)
class Timestamp(Kind):
    """The event has microseconds since 1970 as if in UTC (io.debezium.time.MicroTimestamp), the
    carried form milliseconds."""

    precision: int = 3
    cassandra: ClassVar[str] = "timestamp"
    avro: ClassVar[AvroType] = "long"
    faults: ClassVar[tuple[Fault, ...]] = (
        Fault(
            f"not a timestamp with milliseconds from {PERIOD}",
            f"NOT ({{event}} BETWEEN {EARLIEST_MS}000 AND {LATEST_MS}000 AND {{event}} % 1000 = 0)",
        ),
    )

    @classmethod
    def parse(cls, spec: str) -> Timestamp | None:
        match = _NAME.fullmatch(spec)
        return cls(int(match[1])) if match and int(match[1]) <= 3 else None

    @property
    def postgres(self) -> str:
        return f"timestamp({self.precision})"

    def event_value(self, value: Any) -> Any:
        whole, rest = divmod(value, 1000)
        return f"{value} microseconds since 1970" if rest else whole

    def to_event(self, canonical: Any) -> int:
        return int(canonical) * 1000

    def canonical(self, value: Any) -> Canonical:
        instant = milliseconds(value)
        return str(value) if instant is None else instant

    def cause(self, value: Any) -> str | None:
        instant = milliseconds(value)
        if instant is None or not EARLIEST_MS <= instant <= LATEST_MS:
            return f"not a timestamp with milliseconds from {PERIOD}"
        return None

    def bind(self, value: Any) -> int:
        return int(value)

    def postgres_text(self, canonical: Any) -> str:
        moment = EPOCH + timedelta(milliseconds=int(canonical))
        return moment.replace(tzinfo=None).isoformat()

    def read_postgres(self, column: str) -> str:
        """Text: Python's datetime cannot hold all of them."""
        return f"{column}::text"

    def read_cassandra(self, column: str) -> str:
        return f"to_unix_timestamp({column})"

    def spark(self, event: str) -> str:
        return f"{event} div 1000"

    def checks(self, column: str) -> dict[str, str]:
        return {FROM_PERIOD: f"{column} BETWEEN {_FIRST} AND {_LAST}"}

    def checks_of_array(self, column: str) -> dict[str, str]:
        return {FROM_PERIOD: f"{_FIRST} <= ALL ({column}) AND {_LAST} >= ALL ({column})"}
