"""The role debezium may decode the changes of its table, and nothing else."""

from __future__ import annotations

import subprocess

import pytest

from tests.docker.conftest import Container, Start


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


def test_it_copies_no_database(postgres: Container) -> None:
    """Physical replication would hand out all databases, Airflow's and the registry's too."""
    done = as_debezium(postgres, "true", "IDENTIFY_SYSTEM")
    assert done.returncode != 0
    assert "no pg_hba.conf entry for replication connection" in done.stderr
