"""PostgreSQL makes, completes, publishes and guards the tables of the deployed release."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.docker.conftest import Start
from tests.docker.postgres import USERS, Postgres, with_users
from tests.harness.wait import eventually

ORDERS = """\
key = ["order id"]
clustering = ["line"]
[columns]
"order id" = "int4"
line = "int4"
"größe" = "varchar(255) null"
"""
ID = "'7b0ce5b4-0000-4000-8000-000000000001'"
PUBLISHED = (
    "SELECT string_agg(schemaname || '.' || tablename, ' ' ORDER BY tablename)"
    " FROM pg_publication_tables WHERE pubname = 'riada' AND schemaname <> 'riada'"
)


@pytest.fixture(scope="module")
def postgres(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Postgres:
    return with_users(start, tmp_path_factory.mktemp("artifacts"))


@pytest.fixture
def orders(postgres: Postgres) -> Iterator[Postgres]:
    """With a second table, whose rows application wrote before it was deployed."""
    postgres.value(
        'CREATE TABLE orders ("order id" serial, line int4, "größe" varchar(255),'
        ' PRIMARY KEY (line, "order id")); INSERT INTO orders (line) VALUES (1), (2)',
        "application",
    )
    postgres.deploy(users=USERS, orders=ORDERS)
    assert postgres.tables() == {"users": None, "orders": None}
    yield postgres
    postgres.deploy(users=USERS)
    postgres.value("DROP TABLE public.orders", "application")


def test_a_table_of_an_application_is_published_and_keeps_its_rows(orders: Postgres) -> None:
    assert orders.value(PUBLISHED) == "public.orders public.users"
    assert orders.value("SELECT count(*) FROM orders", "debezium") == "2"
    assert orders.value("SELECT count(*) FROM orders", "observer") == "2"
    orders.value("INSERT INTO orders (line) VALUES (3)", "ingest")
    assert "permission denied" in orders.refused("DELETE FROM orders", "observer")


def test_a_removed_table_stays_and_is_free(postgres: Postgres) -> None:
    postgres.value("CREATE TABLE gone (id int4 PRIMARY KEY, note text)", "application")
    file = 'key = ["id"]\n[columns]\nid = "int4"\nnote = "text null"\n'
    postgres.deploy(users=USERS, gone=file)
    postgres.value("INSERT INTO gone VALUES (1, 'x')")
    postgres.deploy(users=USERS)
    assert postgres.value(PUBLISHED) == "public.users"
    assert postgres.value("SELECT count(*) FROM gone") == "1"
    constraints = "SELECT count(*) FROM pg_constraint WHERE conrelid = 'gone'::regclass"
    assert postgres.value(f"{constraints} AND contype = 'c'") == "0"
    postgres.value(
        "TRUNCATE gone; ALTER TABLE gone DROP COLUMN note; DROP TABLE gone", "application"
    )


@pytest.mark.parametrize(
    ("statement", "cause"),
    [
        ("TRUNCATE users", "DELETE FROM public.users reaches Cassandra"),
        ("ALTER TABLE users DROP COLUMN note", "no column note"),
        ("ALTER TABLE users RENAME COLUMN city TO town", "no column city"),
        ("ALTER TABLE users RENAME TO people", "public.users is missing"),
        ("ALTER TABLE users ALTER age TYPE int8", "values of table"),
        ("ALTER TABLE users ALTER city TYPE varchar(255) USING upper(city)", "values of table"),
        ("ALTER TABLE users ALTER city TYPE text", "not character varying(255)"),
        ("ALTER TABLE users ALTER city DROP NOT NULL", "may be null"),
        ("ALTER TABLE users DROP CONSTRAINT users_pkey", "primary key"),
        ("ALTER TABLE users REPLICA IDENTITY FULL", "replica identity"),
        ("ALTER TABLE users DISABLE TRIGGER ALL", "a trigger of riada"),
        ("CREATE TABLE more () INHERITS (users)", "a parent or a child"),
        ("SET session_replication_role = replica; ALTER TABLE users DROP note", "no column note"),
        ('ALTER TABLE users ADD "City" int4', 'columns city, "City" of table public.users differ'),
        ("DROP TABLE users", "public.users is missing"),
        ("DROP SCHEMA public CASCADE", "public.users is missing"),
        ("DROP TABLE riada.heartbeat", "riada.heartbeat"),
        ("ALTER TABLE riada.scans DROP COLUMN ended", "riada.scans"),
        ("DROP PUBLICATION riada", "publication riada"),
        ("ALTER PUBLICATION riada DROP TABLE users", "does not hold all of table public.users"),
        ("ALTER PUBLICATION riada SET TABLE users (id, city)", "does not hold all"),
        ("ALTER PUBLICATION riada SET (publish = 'insert')", "publication riada"),
    ],
)
def test_ddl_that_capture_cannot_follow_is_refused(
    postgres: Postgres, statement: str, cause: str
) -> None:
    error = postgres.refused(f"BEGIN; {statement}")
    assert cause in error and "HINT:" in error, error


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE users ADD COLUMN nickname text",
        "ALTER TABLE users ADD COLUMN joined timestamptz DEFAULT clock_timestamp()",
        "CREATE INDEX ON users (city)",
        "CREATE TABLE other (id int); ALTER TABLE other ALTER id TYPE text; DROP TABLE other",
        "CREATE PUBLICATION other FOR TABLE users; DROP PUBLICATION other",
        "CREATE TEMP TABLE users (id int); ALTER TABLE users ADD x int; DROP TABLE users",
        "SET riada.ddl = on; ALTER TABLE users DROP COLUMN note",
    ],
)
def test_other_ddl_is_free(postgres: Postgres, statement: str) -> None:
    postgres.value(f"BEGIN; {statement}; ROLLBACK")


def test_a_nullable_column_is_added(postgres: Postgres) -> None:
    postgres.deploy(users=USERS + 'nickname = "varchar(20) null"\n')
    postgres.value(f"INSERT INTO users VALUES ({ID}, 'Riada', 1, NULL, 'R')")
    postgres.value("DELETE FROM users")
    postgres.deploy(users=USERS)


@pytest.mark.parametrize(
    ("table", "file", "cause", "remedy"),
    [
        (
            "id int4 PRIMARY KEY DEFERRABLE",
            'key = ["id"]\n[columns]\nid = "int4"\n',
            "the primary key of table public.odd is DEFERRABLE",
            "Replace it by a primary key that is not deferrable",
        ),
        (
            "id int4, n int8",
            'key = ["id"]\n[columns]\nid = "int4"\nn = "int8 null"\n',
            "the primary key of table public.odd is not (id)",
            "ALTER TABLE public.odd ADD PRIMARY KEY (id);",
        ),
        (
            "id int4 PRIMARY KEY, n int4",
            'key = ["id"]\n[columns]\nid = "int4"\nn = "int8 null"\n',
            "column n of table public.odd is integer, not bigint",
            "ALTER TABLE public.odd ALTER COLUMN n TYPE bigint",
        ),
        (
            "id int4 PRIMARY KEY, n int4",
            'key = ["id"]\n[columns]\nid = "int4"\nn = "int4"\n',
            "column n of table public.odd may be null",
            "ALTER COLUMN n SET NOT NULL",
        ),
        (
            "id int4 PRIMARY KEY",
            'key = ["id"]\n[columns]\nid = "int4"\nn = "int4"\n',
            "table public.odd has no column n",
            "ALTER TABLE public.odd ADD COLUMN n integer NOT NULL;",
        ),
        (
            "id int4 PRIMARY KEY, n int4 GENERATED ALWAYS AS (id + 1) STORED",
            'key = ["id"]\n[columns]\nid = "int4"\nn = "int4 null"\n',
            "column n of table public.odd is GENERATED ALWAYS AS",
            "not_delivered",
        ),
    ],
)
def test_a_table_that_cannot_be_delivered_is_refused_with_the_remedy_and_stops_no_other(
    postgres: Postgres, table: str, file: str, cause: str, remedy: str
) -> None:
    postgres.value(f"CREATE TABLE odd ({table})", "application")
    new = 'key = ["id"]\n[columns]\nid = "int4"\n'
    postgres.deploy(users=USERS, odd=file, zebra=new)
    shown = postgres.tables()
    assert shown["odd"] is not None and cause in shown["odd"] and remedy in shown["odd"], shown
    assert (shown["users"], shown["zebra"]) == (None, None)
    assert postgres.value(PUBLISHED) == "public.users public.zebra"
    postgres.deploy(users=USERS)
    postgres.value("DROP TABLE odd, zebra")


def test_a_refused_table_is_delivered_once_it_is_corrected(postgres: Postgres) -> None:
    postgres.value("CREATE TABLE late (id int4)", "application")
    postgres.deploy(users=USERS, late='key = ["id"]\n[columns]\nid = "int4"\n')
    assert postgres.tables()["late"]
    postgres.value("ALTER TABLE public.late ADD PRIMARY KEY (id)", "application")
    eventually(lambda: postgres.tables()["late"] is None, "late is delivered", 20)
    postgres.deploy(users=USERS)
    postgres.value("DROP TABLE late")


def test_values_outside_the_domain_are_refused_and_older_ones_are_counted(
    postgres: Postgres,
) -> None:
    postgres.value(
        "CREATE TABLE odd (id int4 PRIMARY KEY, f float8); INSERT INTO odd VALUES (1, 'NaN')"
    )
    postgres.deploy(users=USERS, odd='key = ["id"]\n[columns]\nid = "int4"\nf = "float8 null"\n')
    assert postgres.tables()["odd"] is None
    assert "odd_f_is_finite" in postgres.refused("INSERT INTO odd VALUES (2, 'NaN')")
    done = postgres.psql("SELECT riada.validate('public.odd')")
    assert "1 rows of public.odd violate odd_f_is_finite" in done.stderr, done.stderr
    postgres.value("UPDATE odd SET f = 1")
    assert postgres.psql("SELECT riada.validate('public.odd')").stderr == ""
    postgres.deploy(users=USERS)
    postgres.value("DROP TABLE odd")


def test_a_publication_that_lost_a_table_is_named_and_applied_again(postgres: Postgres) -> None:
    postgres.value("SET riada.ddl = 'on'; ALTER PUBLICATION riada DROP TABLE users")
    eventually(
        lambda: "does not hold all of table public.users" in (postgres.tables()["users"] or ""),
        "the cause is shown",
        20,
    )
    done = postgres.container.run("apply-tables")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert postgres.tables() == {"users": None}
    assert postgres.value(PUBLISHED) == "public.users"


def test_unchanged_large_values_are_logged(postgres: Postgres) -> None:
    """PostgreSQL leaves them out of the WAL; 8 KiB of noise are kept apart."""
    noise = "(SELECT string_agg(md5(i::text), '') FROM generate_series(1, 2000) AS i)"
    postgres.value(f"INSERT INTO users VALUES ({ID}, 'Riada', 1, {noise})")
    postgres.value("SELECT pg_create_logical_replication_slot('large', 'test_decoding')")
    postgres.value("UPDATE users SET age = 2")
    logged = postgres.value("SELECT data FROM pg_logical_slot_get_changes('large', NULL, NULL)")
    postgres.value("SELECT pg_drop_replication_slot('large')")
    assert "age[integer]:2" in logged
    assert "unchanged-toast-datum" not in logged and len(logged) > 64_000
    postgres.value("DELETE FROM users")


def test_a_broken_file_stops_no_table(postgres: Postgres) -> None:
    release = postgres.artifacts / "releases/broken/tables"
    release.mkdir(parents=True)
    (release.parent / "job").write_text("job")
    (release / "users.toml").write_text("broken")
    (postgres.artifacts / "streaming-release").write_text("broken")
    eventually(
        lambda: "users.toml" in postgres.container.logs(), "the file is named in the log", 15
    )
    assert postgres.tables() == {"users": None}
    postgres.deploy(users=USERS)


def test_a_table_that_is_delivered_again_was_not_captured_meanwhile(postgres: Postgres) -> None:
    """Capture sees it by the oid, and asks for the rows again, also if it did not run then."""
    file = 'key = ["id"]\n[columns]\nid = "int4"\nnote = "text null"\n'
    member = "SELECT oid FROM pg_publication_rel WHERE prrelid = 'public.again'::regclass"
    postgres.deploy(users=USERS, again=file)
    oids = [postgres.value(member)]
    assert postgres.container.run("apply-tables").returncode == 0
    assert postgres.value(member) == oids[0]
    postgres.deploy(users=USERS)
    assert postgres.value(member) == ""
    postgres.deploy(users=USERS, again=file)
    oids.append(postgres.value(member))
    postgres.value("SET riada.ddl = 'on'; ALTER PUBLICATION riada DROP TABLE public.again")
    assert postgres.container.run("apply-tables").returncode == 0
    oids.append(postgres.value(member))
    assert len({*oids} - {""}) == 3
    postgres.deploy(users=USERS)
    postgres.value("DROP TABLE again")


def test_the_role_of_capture_keeps_the_state_of_scans(postgres: Postgres) -> None:
    row = "INSERT INTO riada.scans (name, relation) VALUES ('x', 'public.x')"
    postgres.value(row, "debezium")
    postgres.value(
        "UPDATE riada.scans SET ended = ended + 1 WHERE relation = 'public.x'", "debezium"
    )
    assert postgres.value("SELECT ended FROM riada.scans WHERE name = 'x'", "observer") == "1"
    assert "permission denied" in postgres.refused("DELETE FROM riada.scans", "observer")
    assert "permission denied" in postgres.refused("SELECT FROM riada.tables", "debezium")
    postgres.value("DELETE FROM riada.scans WHERE name = 'x'")


def test_a_label_that_rows_have_is_not_renamed(postgres: Postgres) -> None:
    """All rows would have another value, without an event."""
    postgres.value(
        "CREATE TYPE mood AS ENUM ('good', 'bad');"
        "CREATE TABLE moods (id int4 PRIMARY KEY, now mood, all_of_them mood[])",
        "application",
    )
    file = 'key = ["id"]\n[columns]\nid = "int4"\nnow = "enum(public.mood) null"\n'
    postgres.deploy(users=USERS, moods=f'not_delivered = ["all_of_them"]\n{file}')
    assert postgres.tables()["moods"] is None
    postgres.value("ALTER TYPE mood ADD VALUE 'odd'", "application")
    rename = "ALTER TYPE mood RENAME VALUE 'good' TO 'fine'"
    assert "label 'good' of public.mood" in postgres.refused(rename, "application")
    postgres.value(f"SET riada.ddl = 'on'; {rename}", "application")
    eventually(lambda: "make repair" in (postgres.tables()["moods"] or ""), "it is named", 20)
    assert postgres.container.run("apply-tables").returncode == 0
    assert postgres.tables()["moods"] is None
    postgres.deploy(users=USERS)
    postgres.value("DROP TABLE moods; DROP TYPE mood", "application")
