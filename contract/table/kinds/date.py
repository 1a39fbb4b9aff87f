"""date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from contract.table.kinds.kind import AvroType, Fault, Kind
from contract.table.kinds.milliseconds import EARLIEST, FROM_PERIOD, LATEST, PERIOD

_EPOCH = date(1970, 1, 1)
_TEXT = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
FIRST, LAST = EARLIEST.date(), LATEST.date()
_FIRST_DAY, _LAST_DAY = (FIRST - _EPOCH).days, (LAST - _EPOCH).days


@dataclass(frozen=True)
class Date(Kind):
    """The event has days since 1970 (io.debezium.time.Date), the canonical form is 2026-01-31. The
    period is that of the timestamps (kinds/milliseconds.py)."""

    cassandra: ClassVar[str] = "date"
    avro: ClassVar[AvroType] = "int"
    faults: ClassVar[tuple[Fault, ...]] = (
        Fault(f"not a date from {PERIOD}", f"NOT ({{event}} BETWEEN {_FIRST_DAY} AND {_LAST_DAY})"),
    )

    @classmethod
    def parse(cls, spec: str) -> Date | None:
        return cls() if spec == "date" else None

    @property
    def postgres(self) -> str:
        return "date"

    def event_value(self, value: Any) -> Any:
        """Text for days that Python's date cannot hold."""
        try:
            return _EPOCH + timedelta(days=value)
        except OverflowError:
            return f"{value} days since 1970"

    def to_event(self, canonical: Any) -> int:
        return (date.fromisoformat(canonical) - _EPOCH).days

    def canonical(self, value: Any) -> str:
        return str(value)

    def cause(self, value: Any) -> str | None:
        text = str(value)
        if not _TEXT.fullmatch(text) or not str(FIRST) <= text <= str(LAST):
            return f"not a date from {PERIOD}"
        return None

    def bind(self, value: Any) -> date:
        return value if isinstance(value, date) else date.fromisoformat(str(value))

    def read_postgres(self, column: str) -> str:
        """Text: Python's date cannot hold all of them."""
        return f"{column}::text"

    def spark(self, event: str) -> str:
        return f"date_from_unix_date({event})"

    def checks(self, column: str) -> dict[str, str]:
        return {FROM_PERIOD: f"{column} BETWEEN '{FIRST}' AND '{LAST}'"}

    def checks_of_array(self, column: str) -> dict[str, str]:
        return {FROM_PERIOD: f"'{FIRST}' <= ALL ({column}) AND '{LAST}' >= ALL ({column})"}
