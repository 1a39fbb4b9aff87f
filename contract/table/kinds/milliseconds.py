"""What timestamp and timestamptz share: Cassandra's timestamp has milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar

from contract.table.instant import EPOCH, milliseconds
from contract.table.kinds.kind import Canonical, Kind

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


@dataclass(frozen=True)
class Milliseconds(Kind):
    """The carried and the canonical form are milliseconds since 1970. `limits`: the first and the
    last value in SQL; `unfit`: the cause of a value outside them."""

    precision: int = 3
    cassandra: ClassVar[str] = "timestamp"
    limits: ClassVar[tuple[str, str]]
    unfit: ClassVar[str]

    def canonical(self, value: datetime | str | int) -> Canonical:
        instant = milliseconds(value)
        return str(value) if instant is None else instant

    def cause(self, value: Any) -> str | None:
        instant = milliseconds(value)
        is_inside = instant is not None and EARLIEST_MS <= instant <= LATEST_MS
        return None if is_inside else self.unfit

    def bind(self, value: Any) -> int:
        return int(value)

    def read_postgres(self, column: str) -> str:
        """Text: Python's datetime cannot hold all of them."""
        return f"{column}::text"

    def read_cassandra(self, column: str) -> str:
        return f"to_unix_timestamp({column})"

    def checks(self, column: str) -> dict[str, str]:
        first, last = self.limits
        return {FROM_PERIOD: f"{column} BETWEEN {first} AND {last}"}

    def checks_of_array(self, column: str) -> dict[str, str]:
        first, last = self.limits
        return {FROM_PERIOD: f"{first} <= ALL ({column}) AND {last} >= ALL ({column})"}
