"""Does a table of Cassandra fit the table that will be written to it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from contract.stores.cassandra.keyspace import KEYSPACE
from contract.stores.cassandra.table import columns, index_name, qualified
from contract.stores.quoting import quoted
from contract.table.table import Table
from control_center.tables.keyspace import StoredTable
from control_center.tables.refusal import Refusal


def refusals(table: Table, stored: StoredTable | None) -> Iterator[Refusal]:
    """Everything that Cassandra cannot change in a table."""
    if stored is None:
        return
    name = qualified(table)
    remedy = f"If nobody needs its rows, run DROP TABLE {name} in cqlsh; or rename the file."
    if (stored.partition, stored.clustering) != (table.partition, table.clustering):
        yield Refusal(
            f"Cassandra has {name} with another key: {_key(stored.partition, stored.clustering)}",
            remedy,
        )
    for column, kind in columns(table).items():
        present = stored.columns.get(column, kind)
        if _plain(present) != _plain(kind):
            yield Refusal(f"Cassandra has {name} with {column} {present} instead of {kind}", remedy)


def changes(table: Table, stored: StoredTable | None) -> Iterator[str]:
    """What a deploy changes in Cassandra, in sentences."""
    name = qualified(table)
    key = _key(table.partition, table.clustering)
    if stored is None:
        yield f"Cassandra: creates {name} with primary key {key}"
        return
    for column, kind in columns(table).items():
        if column not in stored.columns:
            yield f"Cassandra: adds {quoted(column)} {kind} to {name}"


def indexes(table: Table, old: Table) -> Iterator[str]:
    """The indexes that a deploy makes, and those that remain."""
    for number, column in enumerate(table.indexes):
        if column not in old.indexes:
            yield f"Cassandra: makes index {index_name(table, number)} on {column}"
    for number, column in enumerate(old.indexes):
        if column not in table.indexes:
            index = index_name(old, number)
            yield (
                f"Cassandra keeps index {index} on {column}; "
                f"DROP INDEX {KEYSPACE}.{index} removes it"
            )


def index_collisions(
    tables: Iterable[Table], deployed: Mapping[str, Table]
) -> dict[str, list[Refusal]]:
    """Name of a table → its new indexes whose name another table's index has: a_b.c and a.b_c. In
    a keyspace each name is used once, and the second index would never be made."""
    owners: dict[str, tuple[str, str]] = {}
    collisions: dict[str, list[Refusal]] = {}
    # Those that exist already keep their name.
    for table, column, index in sorted(_indexes(tables), key=lambda item: _is_new(item, deployed)):
        other = owners.setdefault(index, (table.name, column))
        if other != (table.name, column):
            collisions.setdefault(table.name, []).append(
                Refusal(
                    f"its index on {column} and that of {other[0]} on {other[1]} would both be "
                    f"{KEYSPACE}.{index}",
                    f"Remove {column} from its indexes, or rename its file.",
                )
            )
    return collisions


def _indexes(tables: Iterable[Table]) -> Iterator[tuple[Table, str, str]]:
    for table in tables:
        for number, column in enumerate(table.indexes):
            yield table, column, index_name(table, number)


def _is_new(item: tuple[Table, str, str], deployed: Mapping[str, Table]) -> bool:
    table, column, _ = item
    return table.name not in deployed or column not in deployed[table.name].indexes


def _key(partition: tuple[str, ...], clustering: tuple[str, ...]) -> str:
    names = ", ".join(partition)
    return f"({', '.join([f'({names})', *clustering])})"


def _plain(kind: str) -> str:
    return kind.replace(" ", "").lower()
