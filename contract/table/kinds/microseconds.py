"""Timestamps with microseconds, as bigint or as text: Cassandra's timestamp cannot hold them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from contract.table.instant import EPOCH, microseconds
from contract.table.kinds.error import KindError
from contract.table.kinds.kind import AvroType, Canonical, Fault, Kind
from contract.table.kinds.milliseconds import EARLIEST_MS, FROM_PERIOD, LATEST_MS, PERIOD

_NAME = re.compile(
    r"(timestamptz|timestamp)(?:\((\d)\))?( with time zone| without time zone)?(?: as (\w+))?"
)
_EARLIEST_US, _LATEST_US = EARLIEST_MS * 1000, LATEST_MS * 1000 + 999
_CAUSE = f"not a timestamp from {PERIOD}"


@dataclass(frozen=True)
class Microseconds(Kind):
    """timestamp(4) to timestamp(6), as bigint: microseconds since 1970; as text:
    2026-01-31T04:05:06.123456, with Z if `zoned`.

    Spark's timestamps have microseconds. Its session has the time zone UTC."""

    zoned: bool = True
    precision: int = 6
    cassandra: str = "bigint"

    @classmethod
    def parse(cls, spec: str) -> Microseconds | None:
        """Raises KindError without `as`, for the file must choose."""
        match = _NAME.fullmatch(spec)
        if not match:
            return None
        name, precision, zone, carried = match.groups()
        zoned = name == "timestamptz" or (zone or "").startswith(" with ")
        kind = cls(zoned, int(precision or 6), carried or "")
        if carried not in ("bigint", "text"):
            plain = "timestamptz" if zoned else "timestamp"
            raise KindError(
                spec,
                "Cassandra's timestamp has milliseconds only",
                f"{plain}(3)",
                f"{plain} as bigint",
                f"{plain} as text",
            )
        return kind

    @property
    def avro(self) -> AvroType:
        return "string" if self.zoned else "long"

    @property
    def postgres(self) -> str:
        name = "timestamptz" if self.zoned else "timestamp"
        return name if self.precision == 6 else f"{name}({self.precision})"

    @property
    def spec(self) -> str:
        return f"{self.postgres} as {self.cassandra}"

    @property
    def faults(self) -> tuple[Fault, ...]:
        limits = f"{_EARLIEST_US} AND {_LATEST_US}"
        return (Fault(_CAUSE, f"NOT coalesce({self._micros('{event}')} BETWEEN {limits}, false)"),)

    def to_event(self, canonical: Any) -> int | str:
        instant = microseconds(canonical)
        assert instant is not None
        return self._text(instant) if self.zoned else instant

    def canonical(self, value: Any) -> Canonical:
        """An integer is microseconds since 1970."""
        instant = microseconds(value)
        if instant is None:
            return str(value)
        return self._text(instant) if self.cassandra == "text" else instant

    def cause(self, value: Any) -> str | None:
        instant = microseconds(value)
        return _CAUSE if instant is None or not _EARLIEST_US <= instant <= _LATEST_US else None

    def bind(self, value: Any) -> int | str:
        return str(value) if self.cassandra == "text" else int(value)

    def postgres_text(self, canonical: Any) -> str:
        return str(canonical) if self.cassandra == "text" else self._text(int(canonical))

    def read_postgres(self, column: str) -> str:
        """Text: Python's datetime cannot hold all of them."""
        return f"{column}::text"

    def spark(self, event: str) -> str:
        micros = self._micros(event)
        if self.cassandra == "bigint":
            return micros
        moment = f"cast({event} as timestamp)" if self.zoned else f"timestamp_micros({event})"
        pattern = "yyyy-MM-dd'T'HH:mm:ss.SSSSSS" + ("'Z'" if self.zoned else "")
        return f'date_format({moment}, "{pattern}")'

    def checks(self, column: str) -> dict[str, str]:
        first, last = (self._literal(limit) for limit in (_EARLIEST_US, _LATEST_US))
        return {FROM_PERIOD: f"{column} BETWEEN {first} AND {last}"}

    def _literal(self, instant: int) -> str:
        return f"'{self._text(instant)}'"

    def _micros(self, event: str) -> str:
        return f"unix_micros(cast({event} as timestamp))" if self.zoned else event

    def _text(self, instant: int) -> str:
        moment = (EPOCH + timedelta(microseconds=instant)).replace(tzinfo=None)
        return moment.isoformat(timespec="microseconds") + ("Z" if self.zoned else "")
