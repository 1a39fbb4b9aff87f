"""The role debezium may decode the changes of its table, and nothing else."""

from __future__ import annotations

import subprocess

import pytest

from cli.host import docker
from contract.kafka import retention
from contract.stores.postgres import rejects
from tests.docker.conftest import Container, Start
from tests.harness.wait import eventually


@pytest.fixture(scope="module")
def postgres(start: Start) -> Container:
    container = start("postgres", "postgres")
    container.await_healthy("healthcheck")
    return container


def as_debezium(
    postgres: Container, replication: str, command: str
) -> subprocess.CompletedProcess[str]:
    password = "password=secret-of-postgres-debezium"
    target = f"host=postgres user=debezium dbname=people {password} replication={replication}"
    return postgres.run("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", target, "-c", command)


def test_it_decodes_changes(postgres: Container) -> None:
    """Decodes as Debezium does, by a temporary slot; psql ends the walsender's command."""
    slot = "CREATE_REPLICATION_SLOT riada_test TEMPORARY LOGICAL pgoutput"
    done = as_debezium(postgres, "database", slot)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("riada_test|")


def test_errors_that_the_registry_expects_are_not_in_the_log(postgres: Container) -> None:
    """Apicurio inserts a schema that exists about every 20 s."""
    twice = "CREATE TABLE IF NOT EXISTS {0} (id int PRIMARY KEY); INSERT INTO {0} VALUES (1), (1)"
    registry = "host=postgres user=registry dbname=registry password=secret-of-postgres-registry"
    for target, table in ((registry, "expected"), ("dbname=people", "reported")):
        done = postgres.run("psql", "-Xq", "-d", target, "-c", twice.format(f"public.{table}"))
        assert "duplicate key value" in done.stderr, "the client gets the error"
    eventually(lambda: "reported_pkey" in postgres.logs(), "an error is logged", 10)
    assert "expected_pkey" not in postgres.logs()


def test_it_copies_no_database(postgres: Container) -> None:
    """Physical replication would hand out all databases, Airflow's and the registry's too."""
    done = as_debezium(postgres, "true", "IDENTIFY_SYSTEM")
    assert done.returncode != 0
    assert "no pg_hba.conf entry for replication connection" in done.stderr


def test_rejected_items_expire_by_age_and_number(postgres: Container) -> None:
    def sql(statement: str) -> str:
        done = postgres.run("psql", "-XqAt", "-d", "people", "-c", statement)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    days, most = retention.REJECTS.days, rejects.MOST
    # The first two are the oldest of more than MOST; the third is too old by a day.
    items = f"(1, 1), (2, 1), ({most}, {days + 1}), ({most + 1}, {days - 1}), ({most + 2}, 0)"
    sql(
        "INSERT INTO riada.rejects (id, table_name, source, run, page, position, reason, at) "
        "SELECT id, 'users', 's', 'r', 1, id, 'x', now() - make_interval(days => age) "
        f"FROM (VALUES {items}) AS item (id, age)"
    )
    docker.ask("restart", postgres.name)
    left = f"{most + 1},{most + 2}"
    ids = "SELECT string_agg(id::text, ',' ORDER BY id) FROM riada.rejects"
    eventually(lambda: sql(ids) == left, f"only {left} are left", 60)
