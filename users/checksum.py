"""A checksum over every field of many rows that does not depend on their order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from hashlib import blake2b
from typing import Any

from users.columns import COLUMNS


def canonical(row: Sequence[Any]) -> str:
    """One text per row, the same for the values of PostgreSQL, decoded Avro and Cassandra.

    `row` holds the values in the order of COLUMNS. UUIDs may be UUID or text; timestamps datetime
    (naive means UTC, as the Cassandra driver gives them) or ISO text (as Debezium gives them).
    """
    if len(row) != len(COLUMNS):
        raise ValueError(f"a row has {len(COLUMNS)} values, not {len(row)}")
    values = [
        None if value is None else FORMS[column.kind](value)
        for column, value in zip(COLUMNS, row, strict=True)
    ]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _instant(value: datetime | str) -> str:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    moment = moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds")


FORMS: dict[str, Callable[[Any], Any]] = {
    "uuid": str,
    "text": str,
    "int": int,
    "double": float,
    "timestamp": _instant,
}


@dataclass
class Checksum:
    """Count and sum (mod 2^128) of the rows' 128-bit BLAKE2b digests. Equal sets are equal."""

    count: int = 0
    total: int = 0

    def add(self, row: Sequence[Any]) -> None:
        digest = blake2b(canonical(row).encode(), digest_size=16).digest()
        self.count += 1
        self.total = (self.total + int.from_bytes(digest, "big")) % 2**128

    def __str__(self) -> str:
        return f"{self.count}:{self.total:032x}"


def checksum(rows: Iterable[Sequence[Any]]) -> Checksum:
    result = Checksum()
    for row in rows:
        result.add(row)
    return result
