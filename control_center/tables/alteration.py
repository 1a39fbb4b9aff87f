"""The difference between a deployed table and its new file: what changes, and what is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from contract.stores.cassandra.table import qualified
from contract.stores.quoting import quoted
from contract.table.column import Column
from contract.table.kinds.text import Text
from contract.table.paths import FOLDER, path
from contract.table.table import Table
from control_center.tables.refusal import Refusal


def refusals(old: Table, new: Table, removed: Collection[str]) -> Iterator[Refusal]:
    """Changes that the stores cannot follow. `removed`: the columns that may be removed, as
    table.column."""
    if (old.partition, old.clustering) != (new.partition, new.clustering):
        yield Refusal(
            f"its key changes from {_key(old)} to {_key(new)}, which Cassandra cannot do",
            f"Deploy the rows under another file name, and remove "
            f"{FOLDER}/{path(old.name, old.database)} with REMOVE={old.name}.",
        )
    if (old.database, old.schema, old.relation) != (new.database, new.schema, new.relation):
        yield Refusal(
            f"it changes from {_place(old)} to {_place(new)}",
            f"Describe the other table in a file of another name, and remove "
            f"{FOLDER}/{path(old.name, old.database)} with REMOVE={old.name}.",
        )
    for column in new.columns:
        if column.name not in old.names:
            yield from _added(column)
        else:
            yield from _changed(old.column(column.name), column)
    for name in _gone(old, new):
        if f"{old.name}.{name}" not in removed:
            yield Refusal(
                f"column {name} is removed from the file",
                f"Add it again, or allow its removal: make deploy-dags REMOVE={old.name}.{name}",
            )


def changes(old: Table, new: Table) -> Iterator[str]:
    """The changes of the columns in sentences, and what remains of those that are removed."""
    for column in new.columns:
        if column.name not in old.names:
            yield (
                f"column {column.name} {column.kind.spec} arrives; an incremental snapshot sends "
                "every row once more, with the values that exist already"
            )
        elif (before := old.column(column.name).kind) != column.kind:
            yield f"column {column.name}: {before.spec} becomes {column.kind.spec}"
        elif column.nullable and not old.column(column.name).nullable:
            yield f"column {column.name} may be null"
    for name in _gone(old, new):
        drop = f"ALTER TABLE {qualified(old)} DROP {quoted(name)}"
        yield (
            f"column {name}: is no longer delivered. PostgreSQL keeps it; Cassandra keeps its "
            f"values until {drop}"
        )
    personal = {*new.personal} ^ ({*old.personal} & {*new.names})
    if personal - ({*new.names} - {*old.names}):
        yield f"masked columns: {', '.join(sorted(new.personal)) or 'none'}"
    if old.queries != new.queries:
        yield f"queries: {', '.join(new.queries) or 'none'}"
    if old.source != new.source:
        yield "source: " + ("changes" if old.source and new.source else _source(new))
    if old.not_delivered - {*new.names} != new.not_delivered - {*_gone(old, new)}:
        yield f"not delivered: {', '.join(sorted(new.not_delivered)) or 'none'}"


def _source(new: Table) -> str:
    return "a DAG fills the table" if new.source else "none; its DAG is removed"


def _added(column: Column) -> Iterator[Refusal]:
    if not column.nullable:
        yield Refusal(
            f"columns.{column.name} is new and cannot be null, but the topic has events without it",
            f'Write "{column.kind.spec} null"; PostgreSQL may keep NOT NULL.',
        )


def _changed(old: Column, new: Column) -> Iterator[Refusal]:
    if old.kind != new.kind and not _wider(old, new):
        yield Refusal(
            f"columns.{new.name} changes from {old.kind.spec} to {new.kind.spec}, which "
            "Cassandra and the topic cannot follow",
            f"Keep {old.kind.spec}, or add a column of another name.",
        )
    if old.nullable and not new.nullable:
        yield Refusal(
            f"columns.{new.name} was nullable, and the topic may have events without a value",
            f'Keep "{new.kind.spec} null".',
        )


def _wider(old: Column, new: Column) -> bool:
    """Texts of any length have the same form in every store."""
    if not isinstance(old.kind, Text) or not isinstance(new.kind, Text):
        return False
    if old.kind.padded != new.kind.padded:
        return False
    length, longer = old.kind.max_length, new.kind.max_length
    return longer is None or (length is not None and length <= longer)


def _gone(old: Table, new: Table) -> list[str]:
    return [name for name in old.names if name not in new.names]


def _place(table: Table) -> str:
    relation = f"{table.schema}.{table.relation}"
    return f"{relation} of database {table.database}" if table.database else relation


def _key(table: Table) -> str:
    return ", ".join(column.name for column in table.key)
