"""Generated rows have new keys and the size of the table's rows, and are deleted by their keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from psycopg2.extensions import connection as Connection

from contract.errors import InvalidInputError
from contract.stores.postgres.roles import Role
from contract.table.key import parse_key
from control_center.jobs.bench.rows import (
    Rows,
    delete_all,
    key_file,
    random_row,
    read_keys,
    unique_columns,
    writer,
)
from control_center.jobs.bench.run import refuse
from control_center.pipeline.row_repository import fits
from tests.control_center.in_memory_clients import InMemoryClients, order
from tests.control_center.sample_tables import ODD_TEXTS, ORDERS, USERS


class Recorder:
    """A connection and its cursor: holds keys of orders, and deletes them."""

    def __init__(self, *keys: tuple[str, int]) -> None:
        self.keys, self.deleted = {*keys}, list[list[tuple[str, int]]]()

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    @contextmanager
    def cursor(self) -> Iterator[Recorder]:
        yield self

    def execute(self, statement: str, parameters: Sequence[Sequence[str]]) -> None:
        assert statement.startswith('DELETE FROM "shop"."Order Lines" WHERE ')
        wanted = [(customer, int(number)) for customer, number in zip(*parameters, strict=True)]
        self.deleted.append([key for key in wanted if key in self.keys])
        self.keys -= {*wanted}

    def fetchall(self) -> list[tuple[str, int]]:
        return self.deleted[-1]


def test_rows_differ_in_key_and_in_indexed_personal_values_alone(tmp_path: Path) -> None:
    pattern = random_row(USERS)
    rows = Rows(USERS, [pattern], tmp_path / "keys").take(3)
    assert unique_columns(USERS) == {"id", "email"}
    for place, column in enumerate(USERS.columns):
        values = {row[place] for row in rows}
        assert len(values) == (3 if column.name in ("id", "email") else 1), column.name
        assert all(fits(column, column.kind.canonical(value)) for value in values)


def test_patterns_repeat_in_their_order(tmp_path: Path) -> None:
    rows = Rows(ORDERS, [("a", "1", "XL", None, None), ("b", "2", "S", None, None)], tmp_path / "k")
    assert [row[2] for row in rows.take(3)] == ["XL", "S", "XL"]


def test_the_keys_are_in_the_file_before_the_rows_are_inserted(tmp_path: Path) -> None:
    file = tmp_path / "bench" / "keys"
    rows = Rows(ORDERS, [(text, "1", None, None, None) for text in ODD_TEXTS], file)
    keys = [rows.key(row) for row in (*rows.take(5), *rows.take(len(ODD_TEXTS)))]
    assert read_keys(file) == keys
    assert len({*keys}) == len(keys)
    assert all(parse_key(ORDERS, key) for key in keys)


def test_a_key_that_a_kill_cut_off_has_no_row(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text('"a"\n"b')
    assert read_keys(tmp_path / "keys") == ["a"]
    assert read_keys(tmp_path / "missing") == []


def test_rows_have_values_of_the_tables_rows(tmp_path: Path) -> None:
    clients = InMemoryClients(tmp_path)
    clients.database.rows["orders"] = {'["a",1]': order("a", 1, "XL", "note")}
    rows = Rows.of(clients, ORDERS).take(2)
    assert [row[2:] for row in rows] == [("XL", "note", None)] * 2
    assert key_file(clients, ORDERS) != key_file(clients, USERS)


def test_an_empty_table_gets_random_values(tmp_path: Path) -> None:
    [row] = Rows.of(InMemoryClients(tmp_path), ORDERS).take(1)
    assert all(row)


def test_all_rows_are_deleted_by_their_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("control_center.jobs.bench.rows.TRANSACTION", 2)
    file = tmp_path / "keys"
    rows = Rows(ORDERS, [("a", "1", None, None, None)], file)
    keys = [cast(Any, parse_key(ORDERS, rows.key(row))) for row in rows.take(3)]
    connection = Recorder(*keys[1:], ("other", 1))
    deleted = delete_all(ORDERS, cast(Connection, connection), file)
    assert {parse_key(ORDERS, key) for key in deleted} == {*keys[1:]}
    assert connection.keys == {("other", 1)}
    assert len(connection.deleted) == 2
    assert not file.exists()
    assert delete_all(ORDERS, cast(Connection, connection), file) == set()


def test_the_role_that_writes_the_table() -> None:
    assert (writer(USERS), writer(ORDERS)) == (Role.INGEST, Role.APPLICATION)


def test_rows_are_not_written_into_another_database() -> None:
    with pytest.raises(InvalidInputError, match="a table of database shop, which Riada only reads"):
        refuse(replace(USERS, database="shop"))
    refuse(USERS)
