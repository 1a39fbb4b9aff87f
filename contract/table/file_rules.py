"""The rules of a table's file that span several columns or stores."""

from __future__ import annotations

from contract.table.column import Column
from contract.table.debezium_names import field_name, has_field_name
from contract.table.key_rule import KeyPart
from contract.table.table import Table

# Riada's own tables: in this schema of PostgreSQL, and by these names in Cassandra.
OWN_SCHEMA = "riada"
OWN_TABLES = ("batches", "cassandra_nodes")
# Debezium's own fields in an event begin with it.
OWN_FIELDS = "__"


def check(table: Table) -> None:
    """Raises ValueError, which names the place in the file."""
    _check_names(table)
    _check_lists(table)
    if table.database and table.source:
        raise ValueError("source: Riada does not write to another PostgreSQL")
    for column in table.key:
        if column.nullable:
            raise ValueError(f"columns.{column.name}: part of the key, so it cannot be null")
        if not column.kind.in_key:
            raise ValueError(f"columns.{column.name}: {column.kind.postgres} cannot be in a key")
        if column.generated and table.source:
            raise ValueError(
                f"columns.{column.name}: generated, and an item of the source needs a key, so that "
                "it is stored once"
            )
    for name in table.indexes:
        _check_index(table.column(name))
    _check_fields(table)
    for name, cql in table.queries.items():
        if cql.split(None, 1)[:1] != ["SELECT"]:
            raise ValueError(f"queries.{name}: expected SELECT …")


def _check_names(table: Table) -> None:
    if table.name in OWN_TABLES:
        raise ValueError(f"Cassandra has a table {table.name} of Riada. Rename the file")
    if table.schema == OWN_SCHEMA:
        raise ValueError(f"schema: {OWN_SCHEMA} holds Riada's own tables")
    for field, name in {"schema": table.schema, "relation": table.relation}.items():
        if "." in name or '"' in name:
            raise ValueError(f'{field}: Debezium cannot select a name with . or "')
    for column in table.columns:
        if not column.name or '"' in column.name:
            raise ValueError(
                f"columns.{column.name}: Spark cannot write a column whose name is empty or has a"
                ' ". Rename it, or add it to not_delivered'
            )


def _check_lists(table: Table) -> None:
    if not table.partition:
        raise ValueError("key is missing: it names the columns of the primary key")
    key = (*table.partition, *table.clustering)
    for field, names in {"key": key, "indexes": table.indexes}.items():
        if strangers := [name for name in names if name not in table.names]:
            raise ValueError(f"{field}: not in [columns]: {', '.join(strangers)}")
        if len({*names}) < len(names):
            raise ValueError(f"{field}: a column is named twice")
    if both := table.not_delivered.intersection(table.names):
        raise ValueError(f"not_delivered: also in [columns]: {', '.join(sorted(both))}")


def _check_index(column: Column) -> None:
    if not column.kind.indexable:
        raise ValueError(
            f"indexes: Cassandra cannot index {column.name}, for {column.kind.postgres} may have"
            " long values"
        )
    if column.part is KeyPart.ALONE:
        raise ValueError(f"indexes: {column.name} is the partition key, which needs no index")


def _check_fields(table: Table) -> None:
    """Every column needs a field of its own in events."""
    fields: dict[str, str] = {}
    for column in table.columns:
        field = field_name(column.name)
        if not has_field_name(column.name):
            raise ValueError(
                f"columns.{column.name}: begins with a digit that Avro does not know. Rename it"
            )
        if field.startswith(OWN_FIELDS):
            raise ValueError(
                f"columns.{column.name}: its name in events is {field}, and names with"
                f" {OWN_FIELDS} are Debezium's. Rename it"
            )
        other = fields.setdefault(field, column.name)
        if other != column.name:
            raise ValueError(
                f"columns.{column.name}: has the same name in events as {other}: {field}. "
                "Rename one of them"
            )
    lower: dict[str, str] = {}
    for name in (*table.names, *sorted(table.not_delivered)):
        other = lower.setdefault(name.lower(), name)
        if other != name:
            raise ValueError(
                f"columns.{name}: differs from {other} in upper and lower case only, and Debezium "
                "mixes such columns up. Rename one of them"
            )
