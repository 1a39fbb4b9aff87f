"""GET /api/tables: the tables of the release that streams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.json_record import JsonRecord
from contract.table.table import Table


@dataclass(frozen=True)
class ColumnEntry(JsonRecord):
    """`type`: as the table's file writes it. `personal`: masked wherever a row is shown."""

    name: str
    type: str
    nullable: bool
    personal: bool


@dataclass(frozen=True)
class TableEntry(JsonRecord):
    """`key`: the columns of the key, in its order. `queries`: name → CQL."""

    name: str
    schema: str
    relation: str
    key: tuple[str, ...]
    columns: tuple[ColumnEntry, ...]
    has_source: bool
    indexes: tuple[str, ...]
    queries: Mapping[str, str]

    @classmethod
    def of(cls, table: Table) -> TableEntry:
        return cls(
            table.name,
            table.schema,
            table.relation,
            tuple(column.name for column in table.key),
            tuple(
                ColumnEntry(column.name, column.kind.spec, column.nullable, column.personal)
                for column in table.columns
            ),
            table.source is not None,
            table.indexes,
            dict(table.queries),
        )


@dataclass(frozen=True)
class TableList(JsonRecord):
    """The tables in the order of their names."""

    tables: tuple[TableEntry, ...]
