"""interval, as text: Cassandra's duration has one sign for months, days and time together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from contract.table.kinds.kind import AvroType, Fault, Kind

_NUMBER = r"(-?[0-9]+)"
# As Debezium writes it (io.debezium.time.Interval), also in Java.
_EVENT = "P-?[0-9]+Y-?[0-9]+M-?[0-9]+DT-?[0-9]+H-?[0-9]+M-?[0-9]+([.][0-9]+)?S"
_TEXT = re.compile(f"P{_NUMBER}Y{_NUMBER}M{_NUMBER}DT{_NUMBER}H{_NUMBER}M(-?[0-9.]+)S", re.ASCII)
_MICROSECOND = Decimal("0.000001")
_FAULT = "not an interval of less than 2^31 hours"
_MOST_HOURS = 2**31 - 1


@dataclass(frozen=True)
class Interval(Kind):
    """The canonical form is P1Y2M3DT4H5M6.789000S: PostgreSQL keeps months, days and time apart,
    and the seconds have six digits. Debezium's seconds come from a double and are rounded to the
    microseconds that PostgreSQL had. It cannot read 2^31 hours."""

    cassandra: ClassVar[str] = "text"
    avro: ClassVar[AvroType] = "string"
    in_key: ClassVar[bool] = False
    faults: ClassVar[tuple[Fault, ...]] = (Fault(_FAULT, f"NOT rlike({{event}}, '^{_EVENT}$')"),)

    @classmethod
    def parse(cls, spec: str) -> Interval | None:
        return cls() if spec == "interval" else None

    @property
    def postgres(self) -> str:
        return "interval"

    def canonical(self, value: Any) -> str:
        """Years, months and so on may have other signs than each other."""
        match = _TEXT.fullmatch(str(value))
        if not match:
            raise ValueError("not an interval")
        years, months, days, hours, minutes = (int(part) for part in match.groups()[:5])
        seconds = Decimal(match[6]).quantize(_MICROSECOND)
        microseconds = (hours * 60 + minutes) * 60_000_000 + int(seconds.scaleb(6))
        return _canonical(years * 12 + months, days, microseconds)

    def cause(self, value: Any) -> str | None:
        try:
            self.canonical(value)
        except ValueError:
            return _FAULT
        return None

    def bind(self, value: Any) -> str:
        return self.canonical(value)

    def read_postgres(self, column: str) -> str:
        """In Debezium's form, whatever the session's IntervalStyle is."""
        parts = {"Y": "year", "M": "month", "DT": "day", "H": "hour"}
        joined = " || ".join(
            f"extract({field} FROM {column})::bigint || '{unit}'" for unit, field in parts.items()
        )
        minutes = f"extract(minute FROM {column})::int || 'M'"
        seconds = f"extract(second FROM {column}) || 'S'"
        return f"('P' || {joined} || {minutes} || {seconds})"

    def spark(self, event: str) -> str:
        """Only the seconds may differ from the canonical form: their zeros and their rounding."""
        seconds = f"regexp_extract({event}, 'M(-?[0-9.]+)S$', 1)"
        rounded = f"cast(round(cast({seconds} as decimal(20,9)), 6) as decimal(17,6))"
        return f"concat(regexp_extract({event}, '^(P.*M)[^M]*$', 1), {rounded}, 'S')"

    def checks(self, column: str) -> dict[str, str]:
        return {
            "has_less_than_2147483648_hours": (
                f"isfinite({column}) AND abs(extract(hour FROM {column})) <= {_MOST_HOURS}"
            )
        }


def _canonical(months: int, days: int, microseconds: int) -> str:
    years, months = _divided(months, 12)
    minutes, microseconds = _divided(microseconds, 60_000_000)
    hours, minutes = _divided(minutes, 60)
    sign = "-" if microseconds < 0 else ""
    seconds, fraction = divmod(abs(microseconds), 1_000_000)
    return f"P{years}Y{months}M{days}DT{hours}H{minutes}M{sign}{seconds}.{fraction:06}S"


def _divided(number: int, by: int) -> tuple[int, int]:
    """Towards zero, as PostgreSQL: -13 months are -1 years and -1 months."""
    quotient, rest = divmod(abs(number), by)
    return (quotient, rest) if number >= 0 else (-quotient, -rest)
