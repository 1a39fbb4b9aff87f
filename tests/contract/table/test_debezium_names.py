"""Names of columns and tables as Debezium writes them, as seen on a running platform."""

from __future__ import annotations

import pytest

from contract.kafka import topics
from contract.table.debezium_names import field_name, table_name
from contract.table.file import read

FIELDS = {
    "id": "id",
    "größe": "gr__e",
    "1st": "_1st",
    "select": "select",
    "😀": "__",
    "With q.x-y": "With_q_x_y",
    "²": "_",
}


@pytest.mark.parametrize("column", FIELDS)
def test_field(column: str) -> None:
    assert field_name(column) == FIELDS[column]


def test_table() -> None:
    assert table_name("public", "users") == "public.users"
    assert table_name("Odd S", "größe-1_😀") == "Odd_S.gr__e-1___"


def test_topics() -> None:
    table = read("a", 'schema = "S"\nrelation = "ä"\nkey = ["id"]\n[columns]\nid = "int4"\n')
    assert topics.events(table).name == "riada.S._"
    assert topics.events(table).key_subject == "riada.S._-key"
    assert topics.events(table).value_subject == "riada.S._-value"
    assert topics.dead_letters(table).name == "riada.S._.dead-letter"
