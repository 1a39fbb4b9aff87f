"""What people do with one table works for a table of every form: repair, dead letters, API."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest

from contract.kafka import topics
from contract.stores.cassandra import table as cassandra
from contract.stores.quoting import quoted
from contract.table.column import Column
from contract.table.debezium_names import field_name
from contract.table.key import key_text
from contract.table.kinds.integer import Integer
from contract.table.kinds.uuid import Uuid
from contract.table.table import Table
from tests.harness.equality import assert_equal_rows, in_cassandra, in_postgres
from tests.harness.fault_injection import dead_letter
from tests.harness.kafka import produce
from tests.harness.platform import Platform
from tests.harness.rows import bound, insert, version_of
from tests.harness.settings import long
from tests.harness.strategies import good_rows
from tests.harness.wait import eventually

MASK = "•••"
OLDEST = 1  # write timestamp: before every commit
ROWS = 20
NAMES = ("everything", "events", "order_lines", "parts")

# A comparison waits for rows that may be on their way before it reports a difference.
REPAIRED = [pytest.param(name, marks=() if name == "everything" else long) for name in NAMES]
of_every_form = pytest.mark.parametrize("name", NAMES)
pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def table(platform: Platform, tables: Mapping[str, Table], name: str) -> Table:
    """A table with rows, which are in all stores."""
    table = tables[name]
    if platform.count(table) < ROWS:
        insert(platform, table, *good_rows(table, ROWS, seed=15))
    platform.assert_equal_everywhere(name)
    return table


@pytest.mark.parametrize("name", REPAIRED)
def test_rows_hidden_changed_and_added_are_repaired(
    platform: Platform, table: Table, name: str
) -> None:
    hidden, *others = sorted(in_postgres(platform, table))
    changed, column = next(
        (key, value)
        for key in others
        for value in table.values
        if value.nullable and in_postgres(platform, table)[key][value.name] is not None
    )
    added = _key_of_nothing(table)
    _hide(platform, table, hidden)
    _empty(platform, table, changed, column)
    _add(platform, table, added)

    compared = platform.command("compare", JSON="1", TABLE=name)
    assert compared.returncode == 1, compared.stdout + compared.stderr
    keys = {key["key"]: key for key in json.loads(compared.stdout)["keys"]}
    assert keys.keys() == {hidden, changed, added}
    assert keys[hidden]["missing"] == ["cassandra"]
    assert keys[changed]["fields"]["cassandra"] == [column.name]
    assert keys[added]["missing"] == ["postgres", "topic"]

    repaired = platform.command("repair", JSON="1", TABLE=name)
    assert repaired.returncode == 0, repaired.stdout + repaired.stderr
    result = json.loads(repaired.stdout)
    assert (result["republished"], result["erased"]) == (2, 1)
    assert assert_equal_rows(platform, table) == len(others) + 1


def _key_of_nothing(table: Table) -> str:
    """The key of a row that no store has."""

    def value(column: Column) -> object:
        if isinstance(column.kind, Uuid):
            return str(uuid.uuid4())
        return -7 if isinstance(column.kind, Integer) else "nobody"

    return key_text(table, [value(column) for column in table.key])


def _hide(platform: Platform, table: Table, key: str) -> None:
    later = version_of(platform, table, key) + 1
    with platform.cassandra("spark") as session:
        statement = session.prepare(cassandra.delete_row(table))
        session.execute(statement, [later, *bound(table, key)])


def _empty(platform: Platform, table: Table, key: str, column: Column) -> None:
    """Delete one value."""
    later = version_of(platform, table, key) + 1
    with platform.cassandra("spark") as session:
        statement = session.prepare(
            f"DELETE {quoted(column.name)} FROM {cassandra.qualified(table)}"
            f" USING TIMESTAMP ? WHERE {cassandra.key_condition(table)}"
        )
        session.execute(statement, [later, *bound(table, key)])


def _add(platform: Platform, table: Table, key: str) -> None:
    names = ", ".join(quoted(column.name) for column in table.key)
    markers = ", ".join("?" for _ in table.key)
    with platform.cassandra("spark") as session:
        statement = session.prepare(
            f"INSERT INTO {cassandra.qualified(table)} ({names}) VALUES ({markers})"
            f" USING TIMESTAMP {OLDEST}"
        )
        session.execute(statement, bound(table, key))


@of_every_form
def test_a_dead_letter_is_shown_and_replayed(platform: Platform, table: Table, name: str) -> None:
    [row] = good_rows(table, 1, seed=16)
    insert(platform, table, row)
    platform.assert_equal_everywhere(name)
    produce(platform, b"?", b"hello, this is no Avro", topics.events(table).name)

    def shown(reason: str) -> bool:
        return reason in json.dumps(_get(platform, name, "dead-letters")["dead_letters"])

    eventually(lambda: shown("not Avro"), f"a dead letter of {name} with its reason", 60)
    with dead_letter(platform, table):
        eventually(lambda: shown("unknown schema id"), "the dead letter to be replayed", 60)
    platform.assert_equal_everywhere(name)


@of_every_form
def test_the_api_shows_the_table(platform: Platform, table: Table, name: str) -> None:
    listed = platform.control_center("GET", "/api/tables")["tables"]
    [own] = [each for each in listed if each["name"] == name]
    assert [column["name"] for column in own["columns"]] == list(table.names)
    key = next(iter(in_cassandra(platform, table)))
    trace = _get(platform, name, f"rows/{quote(key, safe='')}")
    assert trace["key"] == key
    assert trace["arrived"]
    versions = _get(platform, name, f"versions/{quote(key, safe='')}")["versions"]
    assert versions
    for version in versions:
        shown = version["record"]
        assert {shown[field_name(name)] for name in table.personal} <= {None, MASK}
    assert _get(platform, name, "messages?limit=5")["messages"]
    assert _get(platform, name, f"schemas/{topics.events(table).value_subject}")["versions"]


def _get(platform: Platform, name: str, path: str) -> Any:
    return platform.control_center("GET", f"/api/tables/{name}/{path}")
