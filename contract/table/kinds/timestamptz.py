"""timestamptz(0) to timestamptz(3): Cassandra's timestamp has milliseconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from contract.table.instant import EPOCH
from contract.table.kinds.kind import AvroType, Fault
from contract.table.kinds.milliseconds import (
    EARLIEST,
    EARLIEST_MS,
    LATEST,
    LATEST_MS,
    PERIOD,
    Milliseconds,
)

_CARRIED = "unix_millis(cast({event} as timestamp))"
_NAME = re.compile(r"(?:timestamptz\((\d)\)|timestamp\((\d)\) with time zone)")


@dataclass(frozen=True)
class Timestamptz(Milliseconds):
    """The event has ISO 8601 text (io.debezium.time.ZonedTimestamp), the carried form milliseconds
    since 1970."""

    avro: ClassVar[AvroType] = "string"
    limits: ClassVar[tuple[str, str]] = (
        f"'{EARLIEST.isoformat()}'",
        f"'{LATEST.isoformat()}'",
    )
    unfit: ClassVar[str] = f"not a point in time from {PERIOD}"
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

    def to_event(self, canonical: Any) -> str:
        return self.postgres_text(canonical)

    def postgres_text(self, canonical: Any) -> str:
        return (EPOCH + timedelta(milliseconds=int(canonical))).isoformat()

    def spark(self, event: str) -> str:
        return _CARRIED.format(event=event)
