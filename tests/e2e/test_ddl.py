"""PostgreSQL refuses changes of tables that capture depends on, unless Riada makes them."""

from __future__ import annotations

import pytest

from tests.harness.platform import Platform
from tests.harness.rows import await_row, insert, row
from tests.harness.superuser import apply_tables, execute, psql
from tests.harness.tables import USERS

MANUAL = {
    "truncate": "TRUNCATE public.users",
    "truncate cascade": "TRUNCATE public.users, riada.rejects CASCADE",
    "truncate as replica": "SET session_replication_role = replica; TRUNCATE public.users",
    "using": "ALTER TABLE public.users ALTER COLUMN city TYPE varchar(255) USING upper(city)",
    "type": "ALTER TABLE public.users ALTER COLUMN street_number TYPE bigint",
    "drop column": "ALTER TABLE public.users DROP COLUMN id_name",
    "rename column": "ALTER TABLE public.users RENAME COLUMN city TO town",
    "rename": "ALTER TABLE public.users RENAME TO people",
    "schema": "CREATE SCHEMA other; ALTER TABLE public.users SET SCHEMA other",
    "drop table": "DROP TABLE public.users",
    "drop schema": "DROP SCHEMA public CASCADE",
    "drop constraint": "ALTER TABLE public.users DROP CONSTRAINT users_pkey",
    "drop not null": "ALTER TABLE public.users ALTER COLUMN city DROP NOT NULL",
    "identity": "ALTER TABLE public.users REPLICA IDENTITY NOTHING",
    "disable triggers": "ALTER TABLE public.users DISABLE TRIGGER ALL",
    "inherit": "CREATE TABLE public.more () INHERITS (public.users)",
    "as replica": "SET session_replication_role = replica;"
    " ALTER TABLE public.users DROP COLUMN id_name",
    "drop heartbeat": "DROP TABLE riada.heartbeat",
    "drop capture": "DROP TABLE riada.capture",
    "drop publication": "DROP PUBLICATION riada",
    "publication without users": "ALTER PUBLICATION riada DROP TABLE public.users",
    "publication of heartbeat": "ALTER PUBLICATION riada SET TABLE riada.heartbeat",
    "publication of inserts": "ALTER PUBLICATION riada SET (publish = 'insert')",
    "rename publication": "ALTER PUBLICATION riada RENAME TO other",
}

STATE = """\
SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod) || attnotnull, ', '
                  ORDER BY attnum) FROM pg_attribute
WHERE attrelid = 'public.users'::regclass AND attnum > 0 AND NOT attisdropped;
SELECT relpersistence, relreplident FROM pg_class WHERE oid = 'public.users'::regclass;
SELECT pubname, tablename FROM pg_publication_tables ORDER BY 1, 2;
SELECT pubinsert, pubupdate, pubdelete FROM pg_publication;
"""


@pytest.fixture(scope="module")
def known(platform: Platform) -> str:
    """Id of a row that is in all stores."""
    platform.assert_status_ok()
    values = row(USERS)
    insert(platform, USERS, values)
    await_row(platform, USERS, values["id"], city="Riada")
    return str(values["id"])


@pytest.mark.parametrize("name", MANUAL)
def test_a_manual_change_is_refused_with_its_remedy(
    platform: Platform, known: str, name: str
) -> None:
    """A change that is not refused is rolled back."""
    before = execute(platform, STATE)
    text = f"BEGIN;\n{MANUAL[name]};\n\\echo not refused\nROLLBACK;\n"
    done = psql(platform, text=text)
    assert "not refused" not in done.stdout
    assert "riada:" in done.stderr and "HINT:" in done.stderr, done.stderr
    remedy = "DELETE FROM public.users" if "truncate" in name else "by tables/"
    assert remedy in done.stderr, done.stderr
    assert execute(platform, STATE) == before
    assert platform.sql("SELECT city FROM public.users WHERE id = %s", [known]) == [("Riada",)]


ALLOWED = {
    "index": "CREATE INDEX ON public.users (city); DROP INDEX public.users_city_idx",
    "statistics": "ANALYZE public.users",
    "a new column": "BEGIN; ALTER TABLE public.users ADD COLUMN nickname text DEFAULT 'x';"
    " ROLLBACK",
    "another table": "CREATE TABLE public.other (id int); ALTER TABLE public.other ADD x int;"
    " TRUNCATE public.other; DROP TABLE public.other",
    "another publication": "CREATE PUBLICATION other FOR TABLE public.users;"
    " ALTER PUBLICATION other ADD TABLE riada.rejects;"
    " ALTER PUBLICATION other DROP TABLE public.users; DROP PUBLICATION other",
    "temporary table": "CREATE TEMP TABLE users (id int); ALTER TABLE users ADD x int;"
    " TRUNCATE users; DROP TABLE users",
    "grant": "GRANT SELECT ON public.users TO ingest",
}


@pytest.mark.parametrize("name", ALLOWED)
def test_other_changes_are_allowed(platform: Platform, name: str) -> None:
    execute(platform, ALLOWED[name])


def test_a_table_can_be_rewritten(platform: Platform, known: str) -> None:
    """VACUUM FULL and CLUSTER rewrite the table and change no row."""
    execute(platform, "VACUUM FULL public.users")
    platform.sql("UPDATE public.users SET city = 'Clane' WHERE id = %s", [known])
    await_row(platform, USERS, known, city="Clane")


def test_riadas_own_ddl_can_be_applied_at_any_time(platform: Platform) -> None:
    before = execute(platform, STATE)
    assert apply_tables(platform) == ""
    assert execute(platform, STATE) == before
    assert all(name in before for name in USERS.names)


def test_a_superuser_can_switch_the_guard_off(platform: Platform) -> None:
    """The setting that the refusal names allows the change in one session."""
    text = """\
SET riada.ddl = 'on';
BEGIN;
ALTER TABLE public.users DROP COLUMN id_name;
ALTER PUBLICATION riada SET (publish = 'insert');
ROLLBACK;
"""
    done = psql(platform, text=text)
    assert done.returncode == 0, done.stderr
