"""Airflow's history of runs and its logs stay within their limits, with the rights of the role
airflow alone."""

from __future__ import annotations

import re
import time

import pytest

from tests.docker.conftest import Container, Start

LOGS = "/var/log/airflow"
# Without secrets of its own: nothing is encrypted here.
SETTINGS = {
    "AIRFLOW__CORE__FERNET_KEY": "",
    "AIRFLOW__API__SECRET_KEY": "x",
    "AIRFLOW__API_AUTH__JWT_SECRET": "x",
}


@pytest.fixture(scope="module")
def postgres(start: Start) -> Container:
    container = start("postgres", "postgres")
    container.await_healthy("healthcheck")
    return container


@pytest.fixture(scope="module")
def airflow(start: Start, postgres: Container) -> Container:
    """A container in which Airflow's commands run, with an empty metadatabase."""
    options = [word for name, value in SETTINGS.items() for word in ("-e", f"{name}={value}")]
    container = start("airflow", "scheduler", *options, command=("sleep", "infinity"))
    done = container.run("bash", "-c", "wait-for postgres:5432 && airflow db migrate")
    assert done.returncode == 0, done.stdout + done.stderr
    return container


def setting(airflow: Container, name: str) -> int:
    """Of the image."""
    return int(airflow.run("printenv", name).stdout)


def sql(postgres: Container, statement: str) -> str:
    done = postgres.run("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", "airflow", "-c", statement)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def write_log(airflow: Container, name: str, age_s: float, size: int = 1) -> None:
    file = f"{LOGS}/{name}"
    moment = time.time() - age_s
    script = f"mkdir -p $(dirname {file}) && truncate -s {size} {file} && touch -d @{moment} {file}"
    airflow.run("bash", "-c", script).check_returncode()


def test_old_runs_and_logs_are_deleted(airflow: Container, postgres: Container) -> None:
    history, logs = setting(airflow, "HISTORY_DAYS"), setting(airflow, "LOG_DAYS")
    for days in (history + 1, history - 1):
        moment = f"now() - interval '{days} days'"
        sql(
            postgres,
            "INSERT INTO dag_run (dag_id, run_id, run_type, state, start_date, run_after, "
            "clear_number, queued_at, log_template_id) SELECT 'ingest', "
            f"'run {days}', 'manual', 'success', {moment}, {moment}, 0, {moment}, max(id) "
            "FROM log_template",
        )
        sql(postgres, f"INSERT INTO log (dttm, event) VALUES ({moment}, 'event {days}')")
    write_log(airflow, "dag_id=a/old.log", (logs + 1) * 86_400)
    write_log(airflow, "dag_id=a/new.log", (logs - 1) * 86_400)
    done = airflow.run("python", "/opt/airflow/housekeeping.py", "now")
    assert done.returncode == 0, done.stdout + done.stderr
    assert sql(postgres, "SELECT run_id FROM dag_run") == f"run {history - 1}"
    assert (
        sql(postgres, "SELECT event FROM log WHERE event LIKE 'event %'") == f"event {history - 1}"
    )
    assert airflow.run("ls", f"{LOGS}/dag_id=a").stdout.split() == ["new.log"]
    archives = "SELECT count(*) FROM pg_tables WHERE tablename LIKE '_airflow_deleted%'"
    assert sql(postgres, archives) == "0"


def test_the_oldest_logs_are_deleted_above_the_limit(airflow: Container) -> None:
    half = (setting(airflow, "LOG_MIB") << 20) // 2
    for age, name in enumerate(("newest", "newer", "oldest")):
        write_log(airflow, f"dag_id=b/{name}.log", 60 * age + 60, half)
    airflow.run("python", "/opt/airflow/housekeeping.py", "now").check_returncode()
    kept = airflow.run("ls", f"{LOGS}/dag_id=b").stdout.split()
    assert kept == ["newer.log", "newest.log"]


ASYNC = """
import asyncio
from airflow import settings
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

async def protocol():
    engine = create_async_engine(settings.SQL_ALCHEMY_CONN_ASYNC)
    async with engine.connect() as connection:
        query = "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        print((await connection.execute(text(query))).scalar())
    await engine.dispose()

settings.configure_vars()
asyncio.run(protocol())
"""

METADATA = """
import sys

sys.path.append("/opt/airflow")
import metadata

with metadata.connect().cursor() as cursor:
    cursor.execute("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    print(*cursor.fetchone())
"""


def test_every_client_of_the_metadatabase_verifies_the_server(airflow: Container) -> None:
    """asyncpg takes other parameters than libpq, and the same variables."""
    sync = ("airflow", "db", "check")
    others = [("python", "-c", script) for script in (ASYNC, METADATA)]
    for command in others:
        assert "TLSv1.3" in airflow.run(*command).stdout.splitlines()
    assert airflow.run(*sync).returncode == 0
    authority = "PGSSLROOTCERT=/etc/ssl/certs/ca-certificates.crt"
    for command in (sync, *others):
        done = airflow.run("env", authority, *command)
        assert done.returncode != 0
        assert "certificate verify failed" in (done.stdout + done.stderr).lower()


def test_a_failure_names_its_cause(airflow: Container) -> None:
    script = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=postgresql+psycopg2://airflow:x@postgres/airflow"
    done = airflow.run("env", script, "python", "/opt/airflow/housekeeping.py", "now")
    assert done.returncode == 1
    assert re.search("housekeeping: airflow db clean failed: .*authentication failed", done.stdout)
