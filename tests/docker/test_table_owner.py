"""The owner of a delivered table gets no rights of the superuser, who applies the tables."""

from __future__ import annotations

import pytest

from tests.docker.conftest import Start
from tests.docker.postgres import USERS, Postgres, with_users


@pytest.fixture(scope="module")
def postgres(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Postgres:
    return with_users(start, tmp_path_factory.mktemp("artifacts"))


def test_no_function_of_a_tables_owner_runs_as_the_superuser(postgres: Postgres) -> None:
    """https://wiki.postgresql.org/wiki/A_Guide_to_CVE-2018-1058"""
    postgres.value(
        "CREATE FUNCTION rise() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN"
        " ALTER ROLE application SUPERUSER; RETURN true;"
        " EXCEPTION WHEN insufficient_privilege THEN RETURN true; END $$;"
        "CREATE FUNCTION step(text, text, text) RETURNS text LANGUAGE sql AS"
        " $$ SELECT CASE WHEN rise() THEN '{}' END $$;"
        "CREATE AGGREGATE json_object_agg(text, text) (SFUNC = step, STYPE = text);"
        "CREATE TABLE owned (id int4 PRIMARY KEY, note text); INSERT INTO owned VALUES (1, 'x');"
        "ALTER TABLE owned ADD CHECK (rise()) NOT VALID;"
        "ALTER TABLE owned ADD CONSTRAINT mine CHECK (rise()) NOT VALID;"
        "COMMENT ON CONSTRAINT mine ON owned IS 'riada: x'",
        "application",
    )
    file = 'key = ["id"]\n[columns]\nid = "int4"\nnote = "text null"\n'
    postgres.deploy(users=USERS, owned=file)
    assert postgres.value("SELECT count(*) FROM riada.tables WHERE cause IS NULL") == "2"
    postgres.value("SELECT riada.validate('public.owned')")
    assert postgres.container.run("apply-tables").returncode == 0
    assert postgres.value("SELECT rolsuper FROM pg_roles WHERE rolname = 'application'") == "f"
    constraints = "conrelid = 'owned'::regclass AND contype = 'c' AND convalidated"
    assert postgres.value(f"SELECT count(*) FROM pg_constraint WHERE {constraints}") == "1"
    postgres.deploy(users=USERS)
    postgres.value(
        "DROP TABLE owned; DROP AGGREGATE json_object_agg(text, text);"
        "DROP FUNCTION step; DROP FUNCTION rise",
        "application",
    )
