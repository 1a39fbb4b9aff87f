"""timestamptz(0) to timestamptz(3): Cassandra's timestamp has milliseconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar

from contract.table.instant import EPOCH, milliseconds
from contract.table.kinds.kind import AvroType, Canonical, Fault, Kind

# Debezium's snapshots read timestamps by JDBC, which uses the Julian calendar before the first day
# of the Gregorian one: 1500-01-01 became 1500-01-10.
EARLIEST = datetime(1582, 10, 15, tzinfo=timezone.utc)
LATEST = datetime.max.replace(tzinfo=timezone.utc) - timedelta(microseconds=999)
PERIOD = f"{EARLIEST.date()} to {LATEST.date()}"
EARLIEST_MS, LATEST_MS = (
    (limit - EPOCH) // timedelta(milliseconds=1) for limit in (EARLIEST, LATEST)
)
# For the name of a constraint.
FROM_PERIOD = f"from_{PERIOD}".replace("-", "_").replace(" ", "_")
_CARRIED = "unix_millis(cast({event} as timestamp))"
_NAME = re.compile(r"(?:timestamptz\((\d)\)|timestamp\((\d)\) with time zone)")


@dataclass(frozen=True)
class Timestamptz(Kind):
    """The event has ISO 8601 text (io.debezium.time.ZonedTimestamp), the carried form milliseconds
    since 1970."""

    precision: int = 3
    cassandra: ClassVar[str] = "timestamp"
    avro: ClassVar[AvroType] = "string"
    faults: ClassVar[tuple[Fault, ...]] = (
        Fault(
            f"not a timestamp from {PERIOD}",
            f"NOT coalesce({{value}} between {EARLIEST_MS} and {LATEST_MS}, false)",
        ),
    )

    @classmethod
    def parse(cls, spec: str) -> Timestamptz | None:
        match = _NAME.fullmatch(spec)
        precision = int(match[1] or match[2]) if match else 9
        return cls(precision) if precision <= 3 else None

    @property
    def postgres(self) -> str:
        return f"timestamptz({self.precision})"

    def canonical(self, value: datetime | str | int) -> Canonical:
        instant = milliseconds(value)
        return str(value) if instant is None else instant

    def cause(self, value: Any) -> str | None:
        instant = milliseconds(value)
        if instant is None or not EARLIEST_MS <= instant <= LATEST_MS:
            return f"not a point in time from {PERIOD}"
        return None

    def bind(self, value: Any) -> int:
        return int(value)

    def to_event(self, canonical: Any) -> str:
        return self.postgres_text(canonical)

    def postgres_text(self, canonical: Any) -> str:
        return (EPOCH + timedelta(milliseconds=int(canonical))).isoformat()

    def read_postgres(self, column: str) -> str:
        """Text: Python's datetime cannot hold all of them."""
        return f"{column}::text"

    def read_cassandra(self, column: str) -> str:
        return f"to_unix_timestamp({column})"

    def spark(self, event: str) -> str:
        return _CARRIED.format(event=event)

    def checks(self, column: str) -> dict[str, str]:
        return {FROM_PERIOD: f"{column} BETWEEN {' AND '.join(_limits())}"}

    def checks_of_array(self, column: str) -> dict[str, str]:
        first, last = _limits()
        return {FROM_PERIOD: f"{first} <= ALL ({column}) AND {last} >= ALL ({column})"}


def _limits() -> tuple[str, str]:
    return f"'{EARLIEST.isoformat()}'", f"'{LATEST.isoformat()}'"
