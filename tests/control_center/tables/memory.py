"""PostgreSQL's catalog and Cassandra's schema in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from contract.stores.cassandra.table import columns
from contract.table import file
from contract.table.table import Table
from control_center.tables.catalog import CatalogColumn, Relation
from control_center.tables.keyspace import StoredTable

ORDERS = """\
key = ["id"]

[columns]
id = "int8"
note = "varchar(20) null"
at = "timestamptz(3)"
"""


def orders(text: str = ORDERS) -> Table:
    return file.read("orders", text)


# public.orders as ORDERS describes it.
RELATION = Relation(
    "public",
    "orders",
    (
        CatalogColumn("id", "bigint"),
        CatalogColumn("note", "character varying(20)", nullable=True),
        CatalogColumn("at", "timestamp(3) with time zone"),
    ),
    key=("id",),
    rows=1200,
)


@dataclass
class MemoryCatalog:
    relations: list[Relation] = field(default_factory=list)

    def relation(self, schema: str, name: str) -> Relation | None:
        wanted = (schema, name)
        return next((item for item in self.relations if (item.schema, item.name) == wanted), None)

    def similar(self, name: str) -> list[tuple[str, str]]:
        return [
            (item.schema, item.name) for item in self.relations if item.name.lower() == name.lower()
        ]


@dataclass
class MemoryKeyspace:
    tables: dict[str, StoredTable] = field(default_factory=dict)

    def table(self, name: str) -> StoredTable | None:
        return self.tables.get(name)


def stored(table: Table) -> StoredTable:
    """Cassandra's table as the streaming job makes it."""
    return StoredTable(columns(table), table.partition, table.clustering)
