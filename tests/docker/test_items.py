"""Items of JSON are stored by PostgreSQL exactly as their canonical forms say, for every kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from typing import Any

import psycopg2
import pytest
from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values

from contract.stores.postgres.table import create, parameters, qualified, read, upsert
from contract.table import file
from contract.table.digest import canonical
from contract.table.item import row
from tests.docker.conftest import Start
from tests.harness.wait import eventually

TABLE = file.read(
    "kinds",
    r"""
relation = "größte %s 2"
key = ["a"]
clustering = ["at"]
[columns]
a = "int8"
at = "timestamptz(3)"
"größe %" = "numeric(10,3)"
n = "numeric"
b = "bool"
i2 = "int2"
f4 = "float4"
f8 = "float8"
t = "text"
c = "char(5)"
u = "uuid"
d = "date"
ti = "time(3)"
ts = "timestamp(3)"
tb = "timestamptz as bigint"
iv = "interval"
by = "bytea"
j = "json"
jb = "jsonb"
ip = "inet"
ai = "int4[]"
au = "uuid[] null"
at2 = "text[]"
atz = "timestamptz(3)[]"
an = "numeric(5,2)[]"
af = "float8[]"
ab = "bool[]"
""",
)
ITEM = r"""{
"a": "9007199254740993", "at": "2026-01-01T00:00:00.1239Z", "größe %": 1234567.890, "n": 1E-7,
"b": true, "i2": -5, "f4": 0.1, "f8": "-1.5", "t": "x\"'é%s", "c": "ab",
"u": "B25124B3-CD58-477D-8365-6A42F620507E", "d": "2000-02-29", "ti": "12:30:01.9999",
"ts": "2000-02-29T23:59:59.9999", "tb": "2000-01-01T00:00:00.1234567+01:00",
"iv": "-P1Y2M3DT4H5M6.789S", "by": "/+8A", "j": {"bb": 1.10, "a": [1E+2, null, "\u00e9\n"]},
"jb": {"bb": 1.10, "a": [1E+2, -0.0, null, "\u00e9\n\u001f\u007f"], "é": 1e-3, "zz": 1234567890123},
"ip": "10.0.0.1/8", "ai": [1, null, -2], "au": ["b25124b3-cd58-477d-8365-6a42f620507e", null],
"at2": ["a\"b\\", "NULL", null, "x,y", ""],
"atz": ["2000-01-01T00:00:00.9999Z", null], "an": [1.1, null], "af": [0.1, 1e300],
"ab": [true, null, false]
}"""
SERVER = (
    "export PATH=$PATH:$(ls -d /usr/lib/postgresql/*/bin) && initdb -D /tmp/d --auth=trust -U test"
    " && echo 'host all all all trust' >>/tmp/d/pg_hba.conf"
    " && exec postgres -D /tmp/d -c listen_addresses='*' -c unix_socket_directories=/tmp"
)


@pytest.fixture(scope="module")
def database(start: Start) -> Iterator[Connection]:
    """PostgreSQL of the image, without the platform's roles."""
    options = ("--publish", "127.0.0.1::5432", "--entrypoint", "bash")
    container = start("postgres", "items", *options, command=("-c", SERVER))
    container.await_healthy("pg_isready", "-h", "127.0.0.1", "-U", "test")
    dsn = f"host=127.0.0.1 port={container.port(5432)} dbname=postgres user=test"
    connection = eventually(lambda: psycopg2.connect(dsn), "a connection", 30)
    with closing(connection):
        yield connection


def stored(database: Connection, *rows: list[Any]) -> list[tuple[Any, ...]]:
    with database, database.cursor() as cursor:
        execute_values(cursor, upsert(TABLE), rows)
        cursor.execute(f"SELECT {read(TABLE)} FROM {qualified(TABLE)} ORDER BY a")
        return cursor.fetchall()


def test_items_are_stored_as_they_are(database: Connection) -> None:
    with database, database.cursor() as cursor:
        cursor.execute(create(TABLE))
    item = json.loads(ITEM, parse_float=Decimal)
    values = [row(TABLE, item | {"a": 5}), row(TABLE, item)]
    rows = [parameters(TABLE, value) for value in values]
    expected = [canonical(TABLE, value) for value in values]
    assert [canonical(TABLE, values) for values in stored(database, *rows)] == expected
    assert len(expected) == 2


def test_a_repeated_item_changes_nothing(database: Connection) -> None:
    values = parameters(TABLE, row(TABLE, json.loads(ITEM, parse_float=Decimal)))
    with database, database.cursor() as cursor:
        cursor.execute(f"SELECT xmin FROM {qualified(TABLE)} ORDER BY a")
        before = cursor.fetchall()
    stored(database, values)
    with database, database.cursor() as cursor:
        cursor.execute(f"SELECT xmin FROM {qualified(TABLE)} ORDER BY a")
        assert cursor.fetchall() == before
    assert before
