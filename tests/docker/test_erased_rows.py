"""What an erasure does in a real PostgreSQL, with the rights of its roles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest

from contract.errors import ComponentError
from contract.stores.postgres import erasures as statements
from contract.stores.postgres import rejects as rejects_of
from contract.stores.postgres.roles import Role
from contract.table.file import read
from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.jobs.erase import rejects, rows
from control_center.pipeline.erasures.postgres import ErasuresInPostgres
from control_center.pipeline.erasures.record import Erasure
from control_center.pipeline.erasures.selection import OneKey
from tests.docker.conftest import Start
from tests.docker.postgres import Postgres

LINES = """\
schema = "shop"
key = ["customer", "Line %"]
[columns]
customer = "text from buyer.name"
"Line %" = "int4 from line"
city = "text null personal"
[source]
url = "http://api.example/"
items = "results"
"""
TABLE = read("lines", LINES)
KEPT = "postgres: keeps 1 rows of lines: a trigger or row-level security prevents it"
ADA, BOB = '["ada, \\"x\\"",7]', '["bob",7]'


class OneServer(Clients):
    """Connections to the container, as the Control Center makes them."""

    def __init__(self, port: int, state: Path) -> None:
        super().__init__(Settings.load({"STATE": str(state)}))
        self._port = port
        self.__dict__["cassandra"] = SimpleNamespace(scan=lambda query, page: iter([]))

    @contextmanager
    def postgres(
        self, database: str = "", role: Role = Role.OBSERVER, statement_timeout_s: float = 4
    ) -> Iterator[Any]:
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self._port,
            user=role.value,
            password=f"secret-of-postgres-{role.value}",
            dbname="people",
        )
        try:
            yield connection
        finally:
            connection.close()


@pytest.fixture(scope="module")
def server(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Postgres:
    artifacts = tmp_path_factory.mktemp("artifacts")
    artifacts.chmod(0o755)
    options = ("--volume", f"{artifacts}:/artifacts:ro", "--publish", "127.0.0.1::5432")
    container = start("postgres", "postgres", *options)
    container.await_healthy("healthcheck")
    server = Postgres(container, artifacts)
    server.deploy(lines=LINES)
    assert server.tables() == {"lines": None}
    return server


@pytest.fixture
def clients(server: Postgres, tmp_path: Path) -> OneServer:
    clients = OneServer(server.container.port(5432), tmp_path)
    insert = rejects_of.INSERT.replace("VALUES %s", "VALUES (%s, %s, %s, 1, %s, 'no', %s)")
    with clients.postgres(role=Role.INGEST) as connection, connection, connection.cursor() as all_:
        all_.execute("DELETE FROM shop.lines")
        all_.execute("DELETE FROM riada.rejects")
        for number, (name, line) in enumerate((('ada, "x"', 7), ("bob", 7), ('ada, "x"', 8))):
            all_.execute("INSERT INTO shop.lines VALUES (%s, %s, 'marker')", (name, line))
            item = f'{{"buyer": {{"name": "{name}"}}, "line": {line}}}'.replace('"x"', '\\"x\\"')
            all_.execute(insert, ("lines", "api", "run", number, item))
    return clients


def erase(clients: OneServer, key: str, record: Erasure) -> rows.Deleted:
    selection = OneKey(key, ())
    items = rejects.selected(clients, TABLE, selection)
    return rows.delete(clients, TABLE, [key], items, [record])


def test_row_item_and_record_in_one_transaction(server: Postgres, clients: OneServer) -> None:
    begun = Erasure("mark", "lines", 1_790_000_000_123)
    assert erase(clients, ADA, begun) == rows.Deleted(1, 1)
    assert server.json("SELECT json_agg(customer) FROM shop.lines") == ["bob", 'ada, "x"']
    assert server.json("SELECT json_agg(position) FROM riada.rejects") == [1, 2]
    store = ErasuresInPostgres(clients)
    assert list(store.read()) == [begun]
    ended = Erasure("mark", "lines", 1_790_000_000_123, 1_790_000_000_456)
    store.write([ended, Erasure("mark", "lines", 1)])
    assert list(store.read()) == [ended]
    assert erase(clients, ADA, ended) == rows.Deleted(0, 0)


def test_the_keys_that_are_stored(clients: OneServer) -> None:
    assert rows.stored_keys(clients, TABLE, OneKey(BOB, ())) == {BOB}
    assert rows.stored_keys(clients, TABLE, OneKey('["bob",8]', ())) == set()


@pytest.mark.parametrize(
    ("made", "removed", "cause"),
    [
        (
            "CREATE TABLE public.notes (customer text, line int,"
            ' FOREIGN KEY (customer, line) REFERENCES shop.lines (customer, "Line %"));'
            "INSERT INTO public.notes VALUES ('bob', 7)",
            "DROP TABLE public.notes",
            "postgres: table notes refers to the row of lines"
            " (constraint notes_customer_line_fkey)",
        ),
        (
            "CREATE FUNCTION public.keep() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE 'not %', OLD.customer; END $$;"
            "CREATE TRIGGER keep BEFORE DELETE ON shop.lines FOR EACH ROW"
            " EXECUTE FUNCTION public.keep()",
            "DROP FUNCTION public.keep() CASCADE",
            "postgres: refuses the DELETE of a row of lines: RaiseException P0001",
        ),
        (
            "CREATE FUNCTION public.keep() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NULL; END $$;"
            "CREATE TRIGGER keep BEFORE DELETE ON shop.lines FOR EACH ROW"
            " EXECUTE FUNCTION public.keep()",
            "DROP FUNCTION public.keep() CASCADE",
            KEPT,
        ),
        (
            "ALTER TABLE shop.lines ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE shop.lines DISABLE ROW LEVEL SECURITY",
            KEPT,
        ),
    ],
    ids=["a foreign key", "a trigger", "a silent trigger", "row-level security"],
)
def test_what_keeps_a_row_is_named_without_its_values(
    server: Postgres, clients: OneServer, made: str, removed: str, cause: str
) -> None:
    server.value(made)
    try:
        with pytest.raises(ComponentError) as raised:
            erase(clients, BOB, Erasure("other", "lines", 1))
    finally:
        server.value(removed)
    assert str(raised.value) == cause
    assert raised.value.__suppress_context__ or raised.value.__context__ is None
    assert server.value("SELECT count(*) FROM riada.rejects") == "3"
    assert server.value("SELECT count(*) FROM riada.erasures WHERE mark = 'other'") == "0"


def test_a_row_that_is_kept_does_not_hold_up_the_others(
    server: Postgres, clients: OneServer
) -> None:
    """The foreign key is checked at the COMMIT, if nobody asks earlier."""
    server.value(
        "CREATE TABLE public.notes (customer text, line int,"
        ' FOREIGN KEY (customer, line) REFERENCES shop.lines (customer, "Line %")'
        " DEFERRABLE INITIALLY DEFERRED);"
        "INSERT INTO public.notes VALUES ('bob', 7)"
    )
    records = [Erasure("of ada", "lines", 1), Erasure("of bob", "lines", 1)]
    marks = {ADA: "of ada", BOB: "of bob"}
    try:
        deleted = rows.delete_possible(
            clients, TABLE, [BOB, ADA], [], records, lambda key: marks[key]
        )
    finally:
        server.value("DROP TABLE public.notes")
    [(key, error)] = deleted.refused
    assert (deleted.rows, key) == (1, BOB)
    assert str(error).startswith("postgres: table notes refers to the row of lines")
    assert server.value("SELECT count(*) FROM shop.lines WHERE customer = 'bob'") == "1"
    assert server.value("SELECT count(*) FROM riada.erasures WHERE mark LIKE 'of %'") == "1"


def test_only_the_control_centers_roles_use_the_records(server: Postgres) -> None:
    server.value(statements.SELECT, "observer")
    for role in ("application", "debezium"):
        assert "permission denied" in server.refused(statements.SELECT, role)
    assert "permission denied" in server.refused("DELETE FROM riada.erasures", "ingest")
    assert "permission denied" in server.refused("DELETE FROM riada.erasures", "observer")
