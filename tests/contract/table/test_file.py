"""The file of a table: what it says, and one clear error for everything else."""

from __future__ import annotations

import pytest

from contract.stores.cassandra import batches, nodes
from contract.stores.cassandra.keyspace import KEYSPACE
from contract.table.column import Column
from contract.table.file import TableFileError, read
from contract.table.file_rules import OWN_TABLES
from contract.table.key_rule import KeyPart
from contract.table.kinds.parse import parse
from contract.table.table import Table

ORDERS = """\
key = ["customer"]
clustering = ["placed", "number"]
schema = "Shop"
relation = "Orders"
indexes = ["state"]
not_delivered = ["note"]

[columns]
customer = "uuid"
placed = "date"
number = "int8 generated"
state = "varchar(20)"
"größe" = "numeric(10,2) null personal from size.width"

[queries]
of_state = "SELECT number FROM people.orders WHERE state = :state"
"""


def test_a_file_describes_a_table() -> None:
    table = read("orders", ORDERS)
    assert table == Table(
        "orders",
        columns=(
            Column("customer", parse("uuid"), part=KeyPart.ALONE),
            Column("placed", parse("date"), part=KeyPart.SHARED),
            Column("number", parse("int8"), generated=True, part=KeyPart.SHARED),
            Column("state", parse("varchar(20)")),
            Column(
                "größe", parse("numeric(10,2)"), nullable=True, personal=True, path="size.width"
            ),
        ),
        partition=("customer",),
        clustering=("placed", "number"),
        indexes=("state",),
        queries={"of_state": "SELECT number FROM people.orders WHERE state = :state"},
        not_delivered=frozenset({"note"}),
        schema="Shop",
        relation="Orders",
    )
    assert [column.name for column in table.key] == ["customer", "placed", "number"]
    assert [column.name for column in table.values] == ["state", "größe"]
    assert table.personal == {"größe"}
    assert table.column("state").source_path == "state"


def test_what_a_short_file_means() -> None:
    table = read("a", 'key = ["id"]\n[columns]\nid = "int4"\n')
    assert (table.schema, table.relation, table.source) == ("public", "a", None)
    assert (table.clustering, table.indexes, table.queries) == ((), (), {})


SHORT = 'key = ["id"]\n[columns]\nid = "int4"\n'
WRONG: list[tuple[str, str]] = [
    ("", "[columns] is missing"),
    ("key = [", "Invalid value (at end of document)"),
    ("[columns]\n", "[columns] is missing"),
    ('columns = "id"', "[columns] is missing"),
    ('[columns]\nid = "int4"', "key is missing: it names the columns of the primary key"),
    ('key = "id"\n[columns]\nid = "int4"', "key: expected a list of names"),
    ('key = [1]\n[columns]\nid = "int4"', "key: expected a list of names"),
    ('key = ["x"]\n[columns]\nid = "int4"', "key: not in [columns]: x"),
    ('key = ["id", "id"]\n[columns]\nid = "int4"', "key: a column is named twice"),
    ('key = ["id"]\nclustering = ["id"]\n[columns]\nid = "int4"', "key: a column is named twice"),
    ('key = ["id"]\n[columns]\nid = "int4 null"',
     "columns.id: part of the key, so it cannot be null"),
    ('key = ["id"]\n[columns]\nid = "int4 generated"\n[source]\nurl = "http://a"',
     "columns.id: generated, and an item of the source needs a key, so that it is stored once"),
    ('key = ["id"]\n[columns]\nid = "float8"', "columns.id: float8 cannot be in a key"),
    ('key = ["id"]\n[columns]\nid = 4', 'columns.id: expected text, such as "varchar(255) null"'),
    (f'{SHORT}at = "timestamptz"', "columns.at: timestamptz: Cassandra's timestamp has milliseconds"
     " only. Choose: timestamptz(3), or timestamptz as bigint, or timestamptz as text"),
    (f'{SHORT}at = ""', "columns.at: : no kind carries this type"),
    (f'{SHORT}at = "null"', "columns.at: : no kind carries this type"),
    (f'{SHORT}at = "int4 secret"', "columns.at: int4 secret: no kind carries this type"),
    (f'keys = ["id"]\n{SHORT}', "unknown: keys"),
    (f'relation = ""\n{SHORT}', "relation: expected text"),
    (f'schema = 1\n{SHORT}', "schema: expected text"),
    (f'schema = "riada"\n{SHORT}', "schema: riada holds Riada's own tables"),
    (f'relation = "a.b"\n{SHORT}', 'relation: Debezium cannot select a name with . or "'),
    (f'indexes = ["x"]\n{SHORT}', "indexes: not in [columns]: x"),
    (f'indexes = ["id"]\n{SHORT}', "indexes: id is the partition key, which needs no index"),
    (f'indexes = ["a"]\n{SHORT}a = "text"',
     "indexes: Cassandra cannot index a, for text may have long values"),
    (f'not_delivered = ["id"]\n{SHORT}', "not_delivered: also in [columns]: id"),
    (f'queries = 1\n{SHORT}', 'queries: expected NAME = "SELECT …"'),
    (f'{SHORT}[queries]\na = "DROP TABLE people.a"', "queries.a: expected SELECT …"),
    (f'{SHORT}"a\\"b" = "int4"', 'columns.a"b: Spark cannot write a column whose name is empty or'
     ' has a ". Rename it, or add it to not_delivered'),
    (f'{SHORT}"" = "int4"', "columns.: Spark cannot write a column whose name is empty or"
     ' has a ". Rename it, or add it to not_delivered'),
    (f'{SHORT}"a b" = "int4"\n"a-b" = "int4"',
     "columns.a-b: has the same name in events as a b: a_b. Rename one of them"),
    (f'{SHORT}"ßop"= "int4"\n"éop" = "int4"',
     "columns.éop: has the same name in events as ßop: _op. Rename one of them"),
    (f'{SHORT}__op = "int4"', "columns.__op: its name in events is __op, and names with __ are"
     " Debezium's. Rename it"),
    (f'{SHORT}"ßäop" = "int4"', "columns.ßäop: its name in events is __op, and names with __ are"
     " Debezium's. Rename it"),
    (f'{SHORT}"٣" = "int4"', "columns.٣: begins with a digit that Avro does not know. Rename it"),
    (f'{SHORT}[source]\nrate = 1', "source.url is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "cause"), WRONG)
def test_a_wrong_file_gives_one_error(text: str, cause: str) -> None:
    with pytest.raises(TableFileError) as raised:
        read("a", text)
    assert str(raised.value) == f"tables/a.toml: {cause}"


@pytest.mark.parametrize("name", ["", "A", "a-b", "1a", "größe", "a" * 49, "../a"])
def test_a_wrong_name(name: str) -> None:
    with pytest.raises(TableFileError) as raised:
        read(name, SHORT)
    assert str(raised.value) == (
        f"tables/{name}.toml: a name has up to 48 of a-z, 0-9 and _, and begins with a letter"
    )


def test_riadas_own_table_in_cassandra_keeps_its_name() -> None:
    assert [f"{KEYSPACE}.{name}" for name in OWN_TABLES] == [batches.TABLE, nodes.TABLE]
    with pytest.raises(TableFileError, match=r"Cassandra has a table batches of Riada"):
        read("batches", SHORT)


@pytest.mark.parametrize("text", [f'{SHORT}ID = "int4"', f'not_delivered = ["ID"]\n{SHORT}'])
def test_columns_differ_in_more_than_the_case_of_their_letters(text: str) -> None:
    """Debezium mixes them up: https://github.com/debezium/debezium, TableEditorImpl."""
    with pytest.raises(TableFileError, match=r"upper and lower case only"):
        read("a", text)
