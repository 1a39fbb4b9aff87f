"""The driver creates and alters a table in Cassandra before its query starts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pytest
from riada_stream.sink.cassandra_table import StoredTable, TableMismatchError, check, ensure, ids

from contract.stores.cassandra import table as cql
from contract.table.column import Column
from tests.spark.samples import ORDERS


def stored(**changes: Any) -> StoredTable:
    """As Cassandra has ORDERS."""
    whole = StoredTable(
        "id-1",
        cql.columns(ORDERS),
        ORDERS.partition,
        ORDERS.clustering,
        frozenset(cql.create_indexes(ORDERS)),
    )
    return replace(whole, **changes)


@dataclass
class InMemoryCassandra:
    """The tables of schema `system_schema`, and the statements that change it."""

    table: StoredTable | None = None
    statements: list[str] = field(default_factory=list)

    def execute(
        self, query: str, parameters: Any = None, timeout: float = 0
    ) -> list[SimpleNamespace]:
        if not query.startswith("SELECT"):
            self.statements.append(query)
            if query.startswith("CREATE TABLE"):
                self.table = stored(indexes=frozenset())
            return []
        return [*self._rows(query)] if self.table else []

    def _rows(self, query: str) -> Iterator[SimpleNamespace]:
        assert self.table is not None
        if "system_schema.tables" in query:
            options = self.table.has_options
            compaction = {**cql.COMPACTION, "class": "org.apache.UnifiedCompactionStrategy"}
            yield SimpleNamespace(
                id=self.table.id,
                table_name="orders",
                gc_grace_s=cql.GC_GRACE_S if options else 1,
                compaction=compaction if options else {"class": "SizeTiered"},
            )
        elif "system_schema.indexes" in query:
            yield from (SimpleNamespace(index_name=name) for name in self.table.indexes)
        else:
            for name, kind in self.table.columns.items():
                yield self._column(name, kind)

    def _column(self, name: str, kind: str) -> SimpleNamespace:
        assert self.table is not None
        for place, names in (
            ("partition_key", self.table.partition),
            ("clustering", self.table.clustering),
        ):
            if name in names:
                position = names.index(name)
                return SimpleNamespace(column_name=name, type=kind, kind=place, position=position)
        return SimpleNamespace(column_name=name, type=kind, kind="regular", position=-1)


def changes_of(table: StoredTable | None) -> Sequence[str]:
    cassandra = InMemoryCassandra(table)
    assert ensure(cassandra, ORDERS) == "id-1"
    return cassandra.statements


def test_a_missing_table_is_created_with_its_indexes() -> None:
    assert changes_of(None) == [cql.create(ORDERS), *cql.create_indexes(ORDERS).values()]


def test_a_table_that_fits_is_left_alone() -> None:
    assert changes_of(stored()) == []


def test_a_column_an_index_and_options_are_added() -> None:
    columns = {name: kind for name, kind in cql.columns(ORDERS).items() if name != "tags"}
    assert changes_of(stored(columns=columns)) == [cql.add_columns(ORDERS)["tags"]]
    assert changes_of(stored(indexes=frozenset())) == [*cql.create_indexes(ORDERS).values()]
    assert changes_of(stored(has_options=False)) == [cql.change_options(ORDERS)]


@pytest.mark.parametrize(
    ("table", "cause"),
    [
        (stored(columns=cql.columns(ORDERS) | {"offset": "bigint"}), "offset is bigint, not int"),
        (stored(clustering=()), r"its key is \(\(order\)\)"),
        (stored(partition=("größe",), clustering=("order",)), r"its key is \(\(größe\), order\)"),
    ],
)
def test_a_table_that_cannot_be_altered_halts_with_the_remedy(
    table: StoredTable, cause: str
) -> None:
    with pytest.raises(TableMismatchError, match=cause) as error:
        check(table, ORDERS)
    assert "make rebuild" in str(error.value)


def test_a_column_that_is_no_longer_delivered_stays() -> None:
    columns = cql.columns(ORDERS) | {"former": "text"}
    assert changes_of(stored(columns=columns)) == []
    assert "former" not in {column.name for column in ORDERS.columns if isinstance(column, Column)}


def test_the_ids_of_all_tables() -> None:
    assert ids(InMemoryCassandra(stored())) == {"orders": "id-1"}
