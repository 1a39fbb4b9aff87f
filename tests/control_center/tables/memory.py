"""PostgreSQL's catalog and Cassandra's schema in memory, and plans with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from contract.jobs.plan import Action, TablePlan
from contract.stores.cassandra.table import columns
from contract.table import file
from contract.table.table import Table
from control_center.tables.catalog import CatalogColumn, Relation
from control_center.tables.keyspace import StoredTable
from control_center.tables.plan import plan

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


SOURCE = '\n[source]\nurl = "http://api/orders"\n'
NOTE = 'note = "varchar(20) null"\n'


def planned(
    text: str | None = ORDERS,
    old: str | None = None,
    relation: Relation | None = RELATION,
    remove: Sequence[str] = (),
) -> TablePlan:
    """The plan of the table orders. `text`: its file, None without it. `old`: the deployed file,
    whose table Cassandra has."""
    deployed = {"orders": orders(old)} if old else {}
    result = plan(
        {"orders.toml": text} if text else {},
        remove,
        deployed,
        MemoryCatalog([relation] if relation else []),
        MemoryKeyspace({name: stored(table) for name, table in deployed.items()}),
    )
    assert list(result.tables) == ["orders"]
    table = result.tables["orders"]
    assert result.ok == (table.action is not Action.REFUSE)
    assert bool(table.cause) == bool(table.remedy) == (table.action is Action.REFUSE)
    return table


def with_column(*columns: CatalogColumn, without: str = "") -> Relation:
    kept = tuple(column for column in RELATION.columns if column.name != without)
    return replace(RELATION, columns=(*kept, *columns))
