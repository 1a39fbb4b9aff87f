"""A PostgreSQL that somebody else runs, of each version: the printed statements prepare it, and
what capture and the Control Center do there works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from capture.clients.postgres import PostgresClient
from capture.clients.server import other, write_certificate
from capture.settings import Settings as CaptureSettings
from contract.health.state import ProbeState
from contract.jobs.databases import DatabaseCheck
from contract.stores.postgres.server import secret
from contract.stream.deployed import deployed
from contract.stream.releases import JOB, RELEASES, STREAMING
from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.health.databases.check import check
from control_center.health.databases.server import PostgresServer
from control_center.health.probes import databases, slot
from control_center.jobs.repair.source import PlatformSource
from control_center.jobs.verification.connections import Connections
from control_center.jobs.verification.postgres import PostgresReader
from control_center.pipeline import resend, row_repository, verified
from tests.docker.conftest import PROJECT, Start
from tests.harness.external_postgres import (
    HOST,
    VERSIONS,
    WRITER,
    ExternalPostgres,
    external_postgres,
)

NAME, SLOT = "shop", "riada_shop"
PASSWORD = "it's a \\password"
MADE = """\
CREATE SCHEMA "Größe";
CREATE TABLE public.orders (
    id bigint, line integer, note text, tags text[], at timestamptz(3), PRIMARY KEY (id, line)
);
CREATE TABLE "Größe"."It's 1" (id integer PRIMARY KEY, size integer);
INSERT INTO public.orders VALUES (1, 1, 'one', '{a}', now());
"""
FILES = {
    "orders.toml": """\
key = ["id"]
clustering = ["line"]
[columns]
id = "int8"
line = "int4"
note = "text null"
tags = "text[] null"
at = "timestamptz(3) null"
""",
    "sizes.toml": """\
schema = "Größe"
relation = "It's 1"
key = ["id"]
[columns]
id = "int4"
size = "int4 null"
""",
}


class Installation:
    """Riada's side: address, secret, and a release with the files. `state`: an empty folder."""

    def __init__(self, server: ExternalPostgres, state: Path) -> None:
        (state / secret(NAME)).write_text(PASSWORD)
        addresses = f"{NAME}={HOST}:{server.port}"
        folders = {"STATE": state, "SECRETS": state, "ARTIFACTS": state}
        self.settings = Settings.load({"DATABASES": addresses} | folders)
        self.files = {f"{NAME}/{path}": text for path, text in FILES.items()} | {
            f"{NAME}/database.toml": 'ca = "ca.pem"\n',
            f"{NAME}/ca.pem": server.ca,
        }
        for path, text in self.files.items():
            file = state / RELEASES / "r1/tables" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        (state / RELEASES / "r1" / JOB).write_text("job")
        (state / STREAMING).write_text("r1")
        self.tables = deployed(state).tables
        manager = CaptureSettings(
            "", "", "", 0, 1, 1, 1, addresses, secrets=state, certificates=state
        )
        database = deployed(state).databases[NAME]
        write_certificate(manager, database)
        self.capture = PostgresClient(manager, other(manager, database))

    def check(self) -> DatabaseCheck:
        asked = PostgresServer(self.settings)
        return check(self.files, asked, self.settings.databases).databases[NAME]


@pytest.fixture(scope="module", params=VERSIONS)
def server(request: pytest.FixtureRequest, start: Start) -> Iterator[ExternalPostgres]:
    """With two tables of an application. `start` makes the network."""
    name = f"{PROJECT}-{NAME}-{request.param}"
    with external_postgres(request.param, PROJECT, name, (NAME,), NAME) as server:
        server.execute(f"SET ROLE {WRITER};\n{MADE}")
        yield server


@pytest.fixture(scope="module")
def installation(
    server: ExternalPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    return Installation(server, tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="module")
def complete(server: ExternalPostgres, installation: Installation) -> str:
    """The script for a server that knows nothing of Riada, after it was run."""
    before = installation.check()
    assert not before.reachable
    assert before.statements
    server.execute_file(before.statements, PASSWORD)
    return before.statements


def as_riada(server: ExternalPostgres, statement: str, sslmode: str = "require") -> str:
    """The first value of a statement of Riada's user, from this machine."""
    connection = psycopg2.connect(
        host=HOST,
        port=server.port,
        user="riada",
        password=PASSWORD,
        dbname=NAME,
        sslmode=sslmode,
    )
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            [value] = cursor.fetchone() or [None]
            return str(value)
    finally:
        connection.close()


def test_the_printed_statements_are_all_that_is_missing(
    server: ExternalPostgres, installation: Installation, complete: str
) -> None:
    after = installation.check()
    assert after.ok, after
    running = server.execute("SHOW server_version")
    assert after.version == running.split()[0]
    server.execute_file(complete, PASSWORD)
    assert installation.check().ok, "they may be run again"


def test_no_trigger_and_no_function_is_made(server: ExternalPostgres, complete: str) -> None:
    made = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"
    assert server.execute(made) == "0"
    functions = "SELECT count(*) FROM pg_proc WHERE pronamespace::regnamespace::text IN"
    assert server.execute(f"{functions} ('riada', 'public')") == "0"


def test_changes_are_published_with_values_that_are_kept_apart(
    server: ExternalPostgres, complete: str
) -> None:
    as_riada(server, f"SELECT pg_create_logical_replication_slot('{SLOT}', 'pgoutput')")
    try:
        large = "(SELECT string_agg(md5(n::text), '') FROM generate_series(1, 2000) AS n)"
        server.execute(
            f"INSERT INTO public.orders VALUES (2, 1, {large}, NULL, NULL);\n"
            "UPDATE public.orders SET at = now() WHERE id = 2;\n"
            "DELETE FROM public.orders WHERE id = 2"
        )
        changes = (
            "SELECT count(*) FILTER (WHERE length(data) > 64000) FROM"
            f" pg_logical_slot_get_binary_changes('{SLOT}', NULL, NULL,"
            " 'proto_version', '1', 'publication_names', 'riada')"
        )
        # the new row, the old and the new row of the update, the deleted row
        assert as_riada(server, changes) == "3"
    finally:
        server.execute(f"SELECT pg_drop_replication_slot('{SLOT}')")


@pytest.mark.parametrize(
    ("break_it", "cause"),
    [
        ("REVOKE SELECT ON public.orders FROM riada", "may not read"),
        ("ALTER PUBLICATION riada DROP TABLE public.orders", "leaves"),
        ("DROP PUBLICATION riada", "publication riada"),
        ("ALTER PUBLICATION riada SET (publish = 'insert')", "publication riada"),
        ("ALTER PUBLICATION riada DROP TABLE riada.signal", "riada.signal"),
        ("ALTER TABLE public.orders REPLICA IDENTITY NOTHING", "REPLICA IDENTITY"),
        ("ALTER TABLE public.orders REPLICA IDENTITY DEFAULT", "REPLICA IDENTITY"),
        ("ALTER TABLE public.orders DROP CONSTRAINT orders_tags_has_one_dimension", "orders_tags"),
        ("ALTER ROLE riada NOREPLICATION", "replicate"),
        ("REVOKE ALL ON riada.scans FROM riada", "riada"),
        ("DROP TABLE riada.signal", "riada.signal"),
        ('ALTER TABLE "Größe"."It\'s 1" ENABLE ROW LEVEL SECURITY', "row security"),
    ],
)
def test_what_is_missing_is_named_and_printed(
    server: ExternalPostgres, installation: Installation, complete: str, break_it: str, cause: str
) -> None:
    server.execute(break_it)
    broken = installation.check()
    assert broken.reachable
    assert cause in " ".join(problem.cause for problem in broken.problems), broken
    server.execute_file(broken.statements, PASSWORD)
    assert installation.check().ok, installation.check()


def test_the_connection_is_verified(server: ExternalPostgres, complete: str) -> None:
    with pytest.raises(psycopg2.OperationalError, match=r"no encryption|SSL off"):
        as_riada(server, "SELECT 1", sslmode="disable")


RELATIONS = {"orders": "public.orders", "sizes": "Größe.It's 1"}


@pytest.fixture(scope="module")
def captured(server: ExternalPostgres, installation: Installation, complete: str) -> PostgresClient:
    """The server after capture began an epoch and asked for the rows of the tables."""
    capture, tables = installation.capture, installation.tables
    members = capture.read_source().members
    wanted = {name: (tables[name], members[RELATIONS[name]].oid) for name in RELATIONS}
    assert capture.begin(1, "first", wanted) == 1
    capture.request_rows(1, wanted)
    return capture


def test_capture_does_its_work(server: ExternalPostgres, captured: PostgresClient) -> None:
    as_riada(server, f"SELECT pg_create_logical_replication_slot('{SLOT}', 'pgoutput')")
    assert captured.mark(1) == 2
    own, oldest = captured.transaction()
    assert oldest <= own
    captured.leave(["sizes"])
    source = captured.read_source()
    assert source.published
    assert source.members.keys() == {*RELATIONS.values(), "riada.heartbeat", "riada.signal"}
    assert {member.unreadable for member in source.members.values()} == {""}
    assert (source.epoch, source.mark) == (1, 2)
    assert source.slot is not None
    assert source.is_requested("orders", RELATIONS["orders"])
    assert not source.is_requested("sizes", RELATIONS["sizes"])
    assert server.execute("SELECT count(*) FROM riada.signal WHERE id LIKE 'rows-%'") == "1"
    captured.drop_slot()
    assert captured.read_source().slot is None


def test_the_control_center_does_its_work(
    server: ExternalPostgres, installation: Installation, captured: PostgresClient
) -> None:
    clients, orders = Clients(installation.settings), installation.tables["orders"]
    result = databases.probe(clients)
    assert result.state is ProbeState.OK, result
    known = databases.status(clients, clients.external(NAME), installation.tables, {})
    assert (known.cause, {table.cause for table in known.tables.values()}) == ("", {None})
    shown = slot._other(clients, clients.external(NAME), installation.tables)
    assert shown is not None
    assert not shown.exists
    [key] = row_repository.sample_in_postgres(clients, orders, 10)
    assert row_repository.in_postgres(clients, orders, [key]).keys() == {key}
    assert PlatformSource(clients, orders, lambda _: None).plan([key])
    server.execute("UPDATE riada.scans SET arrived_at = now(), ended = 1, expected = 1")
    resend.resend(clients, orders, [key])
    assert server.execute("SELECT expected FROM riada.scans WHERE name = 'orders'") == "2"
    assert server.execute("SELECT count(*) FROM riada.signal WHERE id LIKE 'again-%'") == "1"
    epoch = verified.current(clients, NAME)
    assert epoch is not None
    assert (epoch.epoch, epoch.reason) == (1, "first")


def test_verification_reads_changed_rows_blocks_and_keys(
    server: ExternalPostgres, installation: Installation, captured: PostgresClient
) -> None:
    clients = Clients(installation.settings)
    reader = PostgresReader(clients, Connections(clients), installation.tables["orders"])
    before = reader.snapshot()
    with reader.changed(before) as changes:
        assert (changes.total, list(changes.parts)) == (0, [])
    server.execute(
        "UPDATE public.orders SET note = 'two' WHERE id = 1;"
        " INSERT INTO public.orders SELECT 7, line FROM generate_series(1, 500) AS line"
    )
    with reader.changed(before) as changes:
        rows = {key: row for part in changes.parts for key, row in part.items()}
        assert changes.total == len(rows) == 501
    snapshot = reader.snapshot()
    assert snapshot.xmax > before.xmax
    assert snapshot.blocks > 2
    first, others = reader.blocks(0, 1), reader.blocks(1, snapshot.blocks)
    assert not first.keys() & others.keys()
    assert {**first, **others} == rows
    assert reader.by_keys(["[1,1]", "[9,9]"]) == {"[1,1]": rows["[1,1]"]}
    assert reader.unknown([(1, 1), (7, 500)]) == []
    assert reader.unknown([(1, 1), (9, 9)]) == ["[9,9]"]
