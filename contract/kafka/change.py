"""A decoded change of one row on the topic of its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from contract.kafka.events import COMMITTED_MS, DELETED, LSN, OPERATION, VERSION
from contract.table.debezium_names import field_name
from contract.table.key import key_text
from contract.table.kinds.kind import Kind
from contract.table.table import Table

Read = Callable[[Any], Any]  # Kind.event_value

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
        fields = _fields(table)
        missing = [name for name in fields.required if record.get(name) is None]
        if missing:
            raise UndecodableError(
                f"is not a change of a row of {table.name}: it lacks {', '.join(missing)}"
            )
        try:
            return cls(
                key=record_key(table, record),
                row=_row(fields, record),
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
    values = [read(record[field]) for field, read in _fields(table).key]
    return key_text(table, values)


@dataclass(frozen=True)
class _Fields:
    """`names`: the columns' fields in an event; `converted`: the columns whose value in an event
    differs from the one that canonical() takes, with their place; `key`: of the key's columns;
    `required`: fields that every event has."""

    names: tuple[str, ...]
    converted: tuple[tuple[int, Read], ...]
    key: tuple[tuple[str, Read], ...]
    required: tuple[str, ...]


@lru_cache(maxsize=256)
def _fields(table: Table) -> _Fields:
    key = tuple((field_name(column.name), column.kind.event_value) for column in table.key)
    return _Fields(
        names=tuple(field_name(column.name) for column in table.columns),
        converted=tuple(
            (place, column.kind.event_value)
            for place, column in enumerate(table.columns)
            if type(column.kind).event_value is not Kind.event_value
        ),
        key=key,
        required=(*(field for field, _ in key), LSN, COMMITTED_MS),
    )


def _row(fields: _Fields, record: Mapping[str, Any]) -> tuple[Any, ...]:
    row = [record.get(name) for name in fields.names]
    for place, read in fields.converted:
        if row[place] is not None:
            with suppress(*_ODD):
                row[place] = read(row[place])
    return tuple(row)
