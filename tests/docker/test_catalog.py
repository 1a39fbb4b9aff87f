"""PostgreSQL's catalog as the Control Center reads it, for tables that an application made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import psycopg2
import pytest

from contract.table import folder
from control_center.clients.clients import Clients
from control_center.tables.catalog import CatalogColumn, PostgresCatalog
from control_center.tables.from_postgres import describe
from control_center.tables.plan import plan
from tests.control_center.tables.memory import MemoryKeyspace
from tests.docker.conftest import Container, Start
from tests.harness.wait import eventually

MADE = """
CREATE TYPE mood AS ENUM ('low', 'high');
CREATE TABLE "Größe 1" (
    shop uuid, line integer GENERATED ALWAYS AS IDENTITY, amount numeric(10, 2) NOT NULL,
    mood mood, moods mood[], tags text[], note varchar(20), at timestamptz(3), precise timestamptz,
    doubled numeric GENERATED ALWAYS AS (amount * 2) STORED, gone integer,
    PRIMARY KEY (shop, line)
);
ALTER TABLE "Größe 1" DROP COLUMN gone;
CREATE INDEX ON "Größe 1" (note, at);
INSERT INTO "Größe 1" (shop, amount) SELECT gen_random_uuid(), n FROM generate_series(1, 500) AS n;
CREATE VIEW shown AS SELECT 1 AS one;
CREATE UNLOGGED TABLE quick (id integer PRIMARY KEY);
CREATE TABLE parts (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE first_part PARTITION OF parts DEFAULT;
CREATE TABLE parent (id integer PRIMARY KEY);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE plain (id integer PRIMARY KEY);
ALTER TABLE plain REPLICA IDENTITY FULL;
"""


class OneServer:
    """Connections to the container, as the Control Center makes them."""

    def __init__(self, port: int) -> None:
        self._port = port

    @contextmanager
    def postgres(self, role: str = "observer") -> Iterator[Any]:
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self._port,
            user=role,
            password=f"secret-of-postgres-{role}",
            dbname="people",
        )
        try:
            yield connection
        finally:
            connection.close()


@pytest.fixture(scope="module")
def catalog(start: Start) -> PostgresCatalog:
    container: Container = start("postgres", "postgres", "--publish", "127.0.0.1::5432")
    container.await_healthy("healthcheck")
    server = OneServer(container.port(5432))
    with server.postgres("application") as connection:
        connection.cursor().execute(MADE)
        connection.commit()
    return PostgresCatalog(cast(Clients, server))


def test_columns_key_and_indexes(catalog: PostgresCatalog) -> None:
    relation = catalog.relation("public", "Größe 1")
    assert relation is not None
    assert relation.columns == (
        CatalogColumn("shop", "uuid"),
        CatalogColumn("line", "integer", identity=True),
        CatalogColumn("amount", "numeric(10,2)"),
        CatalogColumn("mood", "enum(public.mood)", nullable=True),
        CatalogColumn("moods", "enum(public.mood)[]", nullable=True),
        CatalogColumn("tags", "text[]", nullable=True),
        CatalogColumn("note", "character varying(20)", nullable=True),
        CatalogColumn("at", "timestamp(3) with time zone", nullable=True),
        CatalogColumn("precise", "timestamp with time zone", nullable=True),
        CatalogColumn("doubled", "numeric", nullable=True, generated=True),
    )
    assert (relation.key, relation.indexed) == (("shop", "line"), ("note",))
    assert (relation.kind, relation.logged, relation.key_identity) == ("r", True, True)


def test_rows_are_estimated_without_reading_them(catalog: PostgresCatalog) -> None:
    """The observer may not read a table before it is delivered."""

    def rows() -> int:
        relation = catalog.relation("public", "Größe 1")
        return relation.rows if relation else 0

    eventually(lambda: rows() == 500, "the statistics of PostgreSQL", 30)


@pytest.mark.parametrize(
    ("name", "kind", "logged", "key_identity"),
    [
        ("shown", "v", True, False),
        ("quick", "r", False, True),
        ("parts", "p", True, True),
        ("first_part", "i", True, True),
        ("parent", "i", True, True),
        ("child", "i", True, True),
        ("plain", "r", True, False),
    ],
)
def test_kinds_of_relations(
    catalog: PostgresCatalog, name: str, kind: str, logged: bool, key_identity: bool
) -> None:
    relation = catalog.relation("public", name)
    assert relation is not None
    assert (relation.kind, relation.logged) == (kind, logged)
    assert relation.key_identity == key_identity


def test_a_table_that_does_not_exist(catalog: PostgresCatalog) -> None:
    assert catalog.relation("public", "größe 1") is None
    assert catalog.similar("GRÖSSE 1".replace("SS", "ß")) == [("public", "Größe 1")]


def test_the_file_of_make_table_is_accepted_by_the_plan(catalog: PostgresCatalog) -> None:
    result = describe('public."Größe 1"', catalog)
    [table] = folder.read({result.file: result.text}).tables.values()
    assert table.not_delivered == {"precise", "doubled"}
    accepted = plan({result.file: result.text}, (), {}, catalog, MemoryKeyspace())
    assert accepted.ok, accepted
