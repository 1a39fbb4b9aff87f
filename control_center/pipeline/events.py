"""A decoded change of one row on the topic of its table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from contract.kafka.events import COMMITTED_MS, DELETED, LSN, OPERATION, VERSION
from contract.table.column import Column
from contract.table.debezium_names import field_name
from contract.table.key import key_text
from contract.table.table import Table

# A value that its column cannot hold must not end a comparison.
_ODD = (TypeError, ValueError, OverflowError, ArithmeticError)


class UndecodableError(ValueError):
    """A message that no stock consumer can read; the text says why."""


@dataclass(frozen=True)
class Event:
    """`key`: its text (contract/table/key.py); `row`: values in the order of the columns; `version`
    orders changes (contract/table/version.py); `lsn` and `committed_ms`: where in the WAL and when
    PostgreSQL committed the change."""

    key: str
    row: tuple[Any, ...]
    deleted: bool
    version: int
    lsn: int
    committed_ms: int
    op: str

    @classmethod
    def of(cls, table: Table, record: Mapping[str, Any]) -> Event:
        """The event from a decoded value; raises UndecodableError if the value is not a change of a
        row of this table."""
        required = [field for _, field in _key_fields(table)]
        missing = [name for name in (*required, LSN, COMMITTED_MS) if record.get(name) is None]
        if missing:
            raise UndecodableError(
                f"is not a change of a row of {table.name}: it lacks {', '.join(missing)}"
            )
        try:
            return cls(
                key=record_key(table, record),
                row=tuple(_value(column, record.get(field)) for column, field in _fields(table)),
                deleted=record.get(DELETED) == "true",
                version=int(record.get(VERSION) or record[LSN]),
                lsn=int(record[LSN]),
                committed_ms=int(record[COMMITTED_MS]),
                op=str(record.get(OPERATION)),
            )
        except _ODD as error:
            raise UndecodableError(
                f"is not a change of a row of {table.name}: {error!r}"
            ) from error


def record_key(table: Table, record: Mapping[str, Any]) -> str:
    """The key in a decoded key or value. Raises KeyError, TypeError or ValueError."""
    values = [column.kind.event_value(record[field]) for column, field in _key_fields(table)]
    return key_text(table, values)


def _value(column: Column, value: Any) -> Any:
    if value is None:
        return None
    try:
        return column.kind.event_value(value)
    except _ODD:
        return value


@lru_cache(maxsize=256)
def _fields(table: Table) -> tuple[tuple[Column, str], ...]:
    return tuple((column, field_name(column.name)) for column in table.columns)


@lru_cache(maxsize=256)
def _key_fields(table: Table) -> tuple[tuple[Column, str], ...]:
    return tuple((column, field_name(column.name)) for column in table.key)
