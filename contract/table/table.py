"""A table of PostgreSQL that Riada carries to Cassandra: one file of tables/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from contract.table.column import Column
from contract.table.key_rule import KeyPart
from contract.table.source import Source


@dataclass(frozen=True)
class Table:
    """`name`: the name of the file; the DAG, the streaming query and Cassandra's table are named by
    it. `schema` and `relation`: PostgreSQL's names. Of the key, `partition` are the columns of
    Cassandra's partition key and `clustering` its clustering columns. `indexes`: columns with an
    index in Cassandra. `queries`: name → CQL. `not_delivered`: columns that PostgreSQL has and
    Cassandra does not get. `source`: where the rows come from; None: applications write them.
    `database`: the name of another PostgreSQL that has the table; "" for Riada's own.
    """

    name: str
    columns: tuple[Column, ...]
    partition: tuple[str, ...]
    clustering: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    queries: Mapping[str, str] = field(default_factory=dict)
    not_delivered: frozenset[str] = frozenset()
    schema: str = "public"
    relation: str = ""
    source: Source | None = None
    database: str = ""

    def __post_init__(self) -> None:
        if not self.relation:
            object.__setattr__(self, "relation", self.name)
        columns = tuple(replace(column, part=self._part(column.name)) for column in self.columns)
        object.__setattr__(self, "columns", columns)

    def _part(self, name: str) -> KeyPart:
        if name not in (*self.partition, *self.clustering):
            return KeyPart.NONE
        return KeyPart.ALONE if self.partition == (name,) else KeyPart.SHARED

    @cached_property
    def key(self) -> tuple[Column, ...]:
        """The columns of the key: partition, then clustering."""
        return tuple(self.column(name) for name in (*self.partition, *self.clustering))

    @cached_property
    def values(self) -> tuple[Column, ...]:
        """The columns that are not part of the key."""
        key = {*self.partition, *self.clustering}
        return tuple(column for column in self.columns if column.name not in key)

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @cached_property
    def personal(self) -> frozenset[str]:
        """The columns to mask wherever a row is shown rather than processed."""
        return frozenset(column.name for column in self.columns if column.personal)

    def column(self, name: str) -> Column:
        """Raises KeyError."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def __hash__(self) -> int:
        return hash(self.name)
