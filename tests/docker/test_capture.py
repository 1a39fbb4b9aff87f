"""What capture does in a PostgreSQL that somebody else runs, over TLS, in the oldest and newest
version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from capture.clients.postgres import PostgresClient
from capture.clients.server import other
from capture.clients.source import Scan, UnavailableError
from capture.settings import Settings
from contract.stores.postgres.capture_schema import DDL, PUBLISHED, grants
from contract.stores.postgres.server import secret
from contract.stores.postgres.signals import EXPECT
from contract.table.database import Database
from contract.table.file import read
from tests.docker.conftest import PROJECT, Start
from tests.harness.external_postgres import HOST, VERSIONS, ExternalPostgres, external_postgres

NAME, SLOT = "shop", "riada_shop"
ORDERS = read("orders", 'key = ["id"]\n[columns]\nid = "int4"\n', NAME)
PREPARED = f"""
{DDL}
CREATE ROLE riada LOGIN REPLICATION PASSWORD 'secret';
{grants("riada")}
CREATE TABLE public.orders (id integer PRIMARY KEY);
CREATE TABLE public.hidden (id integer PRIMARY KEY);
CREATE TABLE public.owned (id integer PRIMARY KEY);
ALTER TABLE public.owned ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON public.orders, public.owned TO riada;
CREATE PUBLICATION riada
    FOR TABLE {", ".join(PUBLISHED)}, public.orders, public.hidden, public.owned
    WITH (publish = 'insert, update, delete');
"""


@pytest.fixture(scope="module", params=[min(VERSIONS), max(VERSIONS)])
def server(request: pytest.FixtureRequest, start: Start) -> Iterator[ExternalPostgres]:
    """`start` makes the network."""
    name = f"{PROJECT}-capture-{request.param}"
    with external_postgres(request.param, PROJECT, name, (NAME,), NAME) as server:
        server.execute(PREPARED)
        yield server


@pytest.fixture
def client(server: ExternalPostgres, tmp_path: Path) -> PostgresClient:
    (tmp_path / secret(NAME)).write_text("secret\n")
    settings = Settings(
        kafka_bootstrap="",
        schema_registry_url="",
        postgres_host="",
        postgres_port=0,
        topic_partitions=1,
        replication_factor=1,
        kafka_table_gib=16,
        databases=f"{NAME}={HOST}:{server.port}",
        secrets=tmp_path,
        certificates=tmp_path,
    )
    server.execute("TRUNCATE riada.scans, riada.capture, riada.signal")
    return PostgresClient(settings, other(settings, Database(NAME, NAME, "riada", SLOT, server.ca)))


def counts(server: ExternalPostgres) -> str:
    return server.execute("SELECT expected, ended, uncaptured_until IS NOT NULL FROM riada.scans")


def test_tables_that_capture_may_not_read_are_named_with_the_grant(client: PostgresClient) -> None:
    members = client.read_source().members
    assert members.keys() == {*PUBLISHED, "public.orders", "public.hidden", "public.owned"}
    assert members["public.orders"].unreadable == ""
    assert members["public.hidden"].unreadable == "GRANT SELECT ON public.hidden TO riada"
    assert "row-level security" in members["public.owned"].unreadable


def test_requests_are_counted_from_the_epochs_snapshot_on(
    server: ExternalPostgres, client: PostgresClient
) -> None:
    oid = client.read_source().members["public.orders"].oid
    assert client.begin(1, "first", {"orders": (ORDERS, oid)}) == 1
    assert client.read_source().scans == {"orders": Scan(oid, 1)}
    assert client.read_source().is_requested("orders", "public.orders")
    assert counts(server) == "1|0|f"
    server.execute(EXPECT % "'orders'")
    client.request_rows(1, {"orders": (ORDERS, oid)})
    assert counts(server) == "3|0|f"
    assert server.execute("SELECT count(*) FROM riada.signal") == "1"
    client.begin(2, "second", {"orders": (ORDERS, oid)})
    assert counts(server) == "1|0|f"
    assert client.mark(2) == 3
    with pytest.raises(UnavailableError, match=r"shop: .* epoch 1"):
        client.mark(1)


def test_a_table_that_was_published_again_was_not_captured_meanwhile(
    server: ExternalPostgres, client: PostgresClient
) -> None:
    before = client.read_source().members["public.orders"].oid
    client.begin(1, "first", {"orders": (ORDERS, before)})
    server.execute(
        "ALTER PUBLICATION riada DROP TABLE public.orders;"
        "ALTER PUBLICATION riada ADD TABLE public.orders;"
    )
    source = client.read_source()
    assert not source.is_requested("orders", "public.orders")
    client.request_rows(1, {"orders": (ORDERS, source.members["public.orders"].oid)})
    assert client.read_source().is_requested("orders", "public.orders")
    assert counts(server) == "2|0|t"


def test_a_table_that_left_is_not_captured_until_it_comes_back(
    server: ExternalPostgres, client: PostgresClient
) -> None:
    oid = client.read_source().members["public.orders"].oid
    client.begin(1, "first", {"orders": (ORDERS, oid)})
    client.leave({"orders", "unknown"})
    assert not client.read_source().is_requested("orders", "public.orders")
    client.request_rows(1, {"orders": (ORDERS, oid)})
    assert counts(server) == "2|0|t"


def test_a_transaction_is_above_all_that_run(
    server: ExternalPostgres, client: PostgresClient
) -> None:
    """The end of PostgreSQL's snapshots is not: a running transaction may have that id."""
    server.execute("GRANT INSERT ON public.orders TO clerk")
    own, oldest = client.transaction()
    assert own == oldest
    with server.connect() as connection:
        connection.cursor().execute("INSERT INTO public.orders VALUES (1)")
        own, oldest = client.transaction()
        assert client.read_source().oldest == oldest < own
        connection.rollback()
    assert client.read_source().oldest > own


def test_the_slot_is_dropped(server: ExternalPostgres, client: PostgresClient) -> None:
    server.execute(f"SELECT pg_create_logical_replication_slot('{SLOT}', 'pgoutput')")
    slot = client.read_source().slot
    assert slot is not None and slot.confirmed_lsn is not None and not slot.active
    client.drop_slot()
    client.drop_slot()
    assert client.read_source().slot is None


def test_a_server_that_is_not_prepared_is_reported_with_the_remedy(
    server: ExternalPostgres, client: PostgresClient
) -> None:
    server.execute("ALTER TABLE riada.scans RENAME TO other")
    try:
        with pytest.raises(UnavailableError, match=r"^shop: .*scans.*: make doctor"):
            client.read_source()
    finally:
        server.execute("ALTER TABLE riada.other RENAME TO scans")
