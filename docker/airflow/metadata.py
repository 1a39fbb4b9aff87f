"""Cheap queries of the metadatabase: the airflow command would take 3 s of a core for each.

metadata.py wait          waits until the schema is the one that this image needs
metadata.py retire JOB    marks the jobs that an earlier process of this host left as failed
metadata.py healthy JOB   exits with 0 if this host's JOB has a recent heartbeat, else with why
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import sys
import time
from pathlib import Path

import psycopg2

HEADS = Path("/opt/airflow/heads.json")
# The scheduler writes a heartbeat every 5 s. On a loaded machine it may take longer.
MAX_HEARTBEAT_AGE_S = 45
LOG_INTERVAL_S = 5


def connect() -> psycopg2.extensions.connection:
    """An autocommit connection as the role airflow. The image's PGSSLMODE and PGSSLROOTCERT let it
    verify the server. Raises psycopg2.OperationalError."""
    connection = psycopg2.connect(
        host=os.environ["POSTGRES_HOST"],
        dbname="airflow",
        user="airflow",
        password=Path("/run/secrets/postgres-airflow").read_text().strip(),
        connect_timeout=3,
        application_name="airflow-metadata",
    )
    connection.autocommit = True
    return connection


def not_ready_cause() -> str:
    """Why the schema is not the one that this image needs; "" when it is."""
    try:
        connection = connect()
    except psycopg2.OperationalError as error:
        return f"postgres: the metadatabase does not answer ({str(error).strip().splitlines()[-1]})"
    try:
        with connection.cursor() as cursor:
            for table, head in json.loads(HEADS.read_text()).items():
                cursor.execute("SELECT to_regclass(%s)", (f"public.{table}",))
                if cursor.fetchone() == (None,):
                    return f"postgres: the schema does not exist yet (no table {table})"
                cursor.execute(f"SELECT version_num FROM public.{table}")
                versions = [version for (version,) in cursor.fetchall()]
                if versions != [head]:
                    return f"postgres: {table} is {versions}, and needs migration to {head}"
    except psycopg2.OperationalError as error:
        return f"postgres: the connection to the metadatabase is lost ({str(error).strip()})"
    finally:
        connection.close()
    return ""


def wait() -> None:
    """Returns when the schema is the one that this image needs. Logs the cause of the wait."""
    began = time.monotonic()
    logged_at: float | None = None
    while cause := not_ready_cause():
        now = time.monotonic()
        if logged_at is None or now - logged_at >= LOG_INTERVAL_S:
            logged_at = now
            print(f"airflow: waiting for {now - began:.0f} s: {cause}", flush=True)
        time.sleep(1)


def retire(job: str) -> None:
    """Marks running jobs of this host as failed, since their process no longer exists.

    Otherwise the next scheduler adopts their tasks only when the last heartbeat is 30 s old.
    """
    with connect().cursor() as cursor:
        cursor.execute(
            "UPDATE job SET state = 'failed', end_date = now() "
            "WHERE job_type = %s AND hostname = %s AND state = 'running'",
            (job, socket.gethostname()),
        )
        if cursor.rowcount:
            print(f"airflow: retired {cursor.rowcount} {job} of an earlier process", flush=True)


def healthy(job: str) -> None:
    """Exits with a message unless the heartbeat of this host's JOB is recent enough."""
    with connect().cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM now() - max(latest_heartbeat)) FROM job "
            "WHERE job_type = %s AND hostname = %s AND state = 'running'",
            (job, socket.gethostname()),
        )
        row = cursor.fetchone()
    age = row[0] if row else None
    if age is None:
        sys.exit(f"no running {job} of {socket.gethostname()} in the metadatabase")
    if age > MAX_HEARTBEAT_AGE_S:
        sys.exit(f"the last heartbeat of {job} is {age:.0f} s old, allowed {MAX_HEARTBEAT_AGE_S}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("wait", "retire", "healthy"))
    parser.add_argument("job", nargs="?", choices=("SchedulerJob", "DagProcessorJob"))
    arguments = parser.parse_args()
    if arguments.command == "wait":
        wait()
    elif arguments.job is None:
        parser.error(f"{arguments.command} needs a job")
    else:
        {"retire": retire, "healthy": healthy}[arguments.command](arguments.job)


if __name__ == "__main__":
    main()
