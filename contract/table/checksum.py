"""A checksum over every field of many rows that does not depend on their order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from contract.table.columns import COLUMNS, Kind
from contract.table.instant import milliseconds

Canonical = str | int | None


def canonical(row: Sequence[Any]) -> list[Canonical]:
    """The canonical text of each column, equal for the values of PostgreSQL, decoded Avro and
    Cassandra.

    `row` holds the values in the order of COLUMNS. UUIDs may be UUID or text; timestamps
    milliseconds, datetime or text (contract/table/instant.py). A value of another kind than its
    column's, or outside its domain, has a text too: one odd value must not end the comparison.
    """
    if len(row) != len(COLUMNS):
        raise ValueError(f"a row has {len(COLUMNS)} values, not {len(row)}")
    return [
        None if value is None else _form(FORMS[column.kind], value)
        for column, value in zip(COLUMNS, row, strict=True)
    ]


def _form(form: Callable[[Any], Canonical], value: Any) -> Canonical:
    try:
        return form(value)
    except (TypeError, ValueError, OverflowError):
        return f"{type(value).__name__}: {value}"


def _uuid(value: UUID | str) -> str:
    return str(value).lower()


def _double(value: Any) -> str:
    """The shortest text that denotes this double: NaN is equal to NaN, and -0.0 is not 0.0."""
    return repr(float(value))


def _timestamp(value: datetime | str | int) -> Canonical:
    instant = milliseconds(value)
    return str(value) if instant is None else instant


FORMS: dict[Kind, Callable[[Any], Canonical]] = {
    "uuid": _uuid,
    "text": str,
    "int": int,
    "double": _double,
    "timestamp": _timestamp,
}


@dataclass
class Checksum:
    """Count and sum (mod 2^128) of the rows' 128-bit BLAKE2b digests. Equal sets are equal."""

    count: int = 0
    total: int = 0

    def add(self, row: Sequence[Any]) -> None:
        text = json.dumps(canonical(row), ensure_ascii=False, separators=(",", ":"))
        digest = blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest()
        self.count += 1
        self.total = (self.total + int.from_bytes(digest, "big")) % 2**128

    def __str__(self) -> str:
        return f"{self.count}:{self.total:032x}"


def checksum(rows: Iterable[Sequence[Any]]) -> Checksum:
    result = Checksum()
    for row in rows:
        result.add(row)
    return result
