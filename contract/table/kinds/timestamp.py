"""timestamp(0) to timestamp(3), without time zone: Cassandra's timestamp has milliseconds."""

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

_NAME = re.compile(r"timestamp\((\d)\)(?: without time zone)?")


@dataclass(frozen=True)
class Timestamp(Milliseconds):
    """The event has microseconds since 1970 as if in UTC (io.debezium.time.MicroTimestamp), the
    carried form milliseconds."""

    avro: ClassVar[AvroType] = "long"
    limits: ClassVar[tuple[str, str]] = (
        f"'{EARLIEST.replace(tzinfo=None).isoformat()}'",
        f"'{LATEST.replace(tzinfo=None).isoformat()}'",
    )
    unfit: ClassVar[str] = f"not a timestamp with milliseconds from {PERIOD}"
    faults: ClassVar[tuple[Fault, ...]] = (
        Fault(
            unfit,
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

    def postgres_text(self, canonical: Any) -> str:
        moment = EPOCH + timedelta(milliseconds=int(canonical))
        return moment.replace(tzinfo=None).isoformat()

    def spark(self, event: str) -> str:
        return f"{event} div 1000"
