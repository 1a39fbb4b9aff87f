"""time(0) to time(6), without time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Any, ClassVar

from contract.table.kinds.kind import AvroType, Fault, Kind

_NAME = re.compile(r"time(?:\((\d)\))?(?: without time zone)?")
_TEXT = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?", re.ASCII)
_DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Time(Kind):
    """The event has microseconds since midnight (io.debezium.time.MicroTime), the carried form
    nanoseconds, as Cassandra. The canonical form is 04:05:06.789. PostgreSQL knows 24:00:00, and
    Cassandra does not."""

    precision: int = 6
    cassandra: ClassVar[str] = "time"
    avro: ClassVar[AvroType] = "long"
    faults: ClassVar[tuple[Fault, ...]] = (
        Fault("not a time before 24:00", f"NOT ({{event}} BETWEEN 0 AND {_DAY_US - 1})"),
    )

    @classmethod
    def parse(cls, spec: str) -> Time | None:
        match = _NAME.fullmatch(spec)
        return cls(int(match[1] or 6)) if match else None

    @property
    def postgres(self) -> str:
        return "time" if self.precision == 6 else f"time({self.precision})"

    def event_value(self, value: Any) -> Any:
        return value * 1000

    def to_event(self, canonical: Any) -> int:
        of_day = self.bind(canonical)
        seconds = (of_day.hour * 60 + of_day.minute) * 60 + of_day.second
        return seconds * 1_000_000 + of_day.microsecond

    def canonical(self, value: Any) -> str:
        """An integer is nanoseconds since midnight."""
        if isinstance(value, int):
            seconds, fraction = divmod(value, 1_000_000_000)
            minutes, second = divmod(seconds, 60)
            hour, minute = divmod(minutes, 60)
            return _text(hour, minute, second, f"{fraction:09}")
        match = _TEXT.fullmatch(str(value))
        if not match:
            raise ValueError("not a time of the day")
        hour, minute, second = (int(part) for part in match.groups()[:3])
        return _text(hour, minute, second, match[4] or "")

    def cause(self, value: Any) -> str | None:
        return None if self.canonical(value) < "24" else "not a time before 24:00"

    def bind(self, value: Any) -> time:
        return time.fromisoformat(_six_digits(self.canonical(value)))

    def read_postgres(self, column: str) -> str:
        """Text: Python's time cannot hold 24:00:00."""
        return f"{column}::text"

    def spark(self, event: str) -> str:
        return f"{event} * 1000"

    def checks(self, column: str) -> dict[str, str]:
        return {"is_before_24_00": f"{column} < '24:00'"}

    def checks_of_array(self, column: str) -> dict[str, str]:
        return {"is_before_24_00": f"NOT ('24:00' = ANY ({column}))"}


def _text(hour: int, minute: int, second: int, fraction: str) -> str:
    rest = fraction.rstrip("0")
    return f"{hour:02}:{minute:02}:{second:02}{'.' if rest else ''}{rest}"


def _six_digits(text: str) -> str:
    """04:05:06.7 → 04:05:06.700000: what Python 3.10 reads."""
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction:0<6}"
