"""Cheap questions to the metadatabase: the airflow command would take 3 s of a core for each.

metadata.py wait          waits until the schema is the one that this image needs
metadata.py retire JOB    ends what an earlier process of this host has left running
metadata.py healthy JOB   exit 0 while this host's JOB beats; else 1, naming what it saw
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
STALE_S = 45
"""The scheduler beats every 5 s; a loaded machine may stretch that."""


def connect() -> psycopg2.extensions.connection:
    """An autocommit connection as the role airflow. Raises psycopg2.OperationalError."""
    connection = psycopg2.connect(
        host=os.environ.get("POSTGRES_HOST", "postgres"),
        dbname="airflow",
        user="airflow",
        password=Path("/run/secrets/postgres-airflow").read_text().strip(),
        connect_timeout=3,
        application_name="airflow-metadata",
    )
    connection.autocommit = True
    return connection


def lacking() -> str:
    """What the schema lacks, in words; empty when it is the one this image needs."""
    try:
        connection = connect()
    except psycopg2.OperationalError as error:
        return f"the metadatabase does not answer ({str(error).strip().splitlines()[-1]})"
    try:
        with connection.cursor() as cursor:
            for table, head in json.loads(HEADS.read_text()).items():
                cursor.execute("SELECT to_regclass(%s)", (f"public.{table}",))
                if cursor.fetchone() == (None,):
                    return f"the schema is not there yet (no table {table})"
                cursor.execute(f"SELECT version_num FROM public.{table}")
                versions = [version for (version,) in cursor.fetchall()]
                if versions != [head]:
                    return f"the schema is not migrated yet ({table} {versions}, needed {head})"
    except psycopg2.OperationalError as error:
        return f"the metadatabase went away ({str(error).strip()})"
    finally:
        connection.close()
    return ""


def wait() -> None:
    """Returns when the schema is there; one line every 5 s says what is awaited."""
    began = time.monotonic()
    said = 0.0
    while reason := lacking():
        if time.monotonic() - said >= 5:
            said = time.monotonic()
            print(f"airflow: waiting: {reason}, {said - began:.0f} s", flush=True)
        time.sleep(1)


def retire(job: str) -> None:
    """Marks running jobs of this host as failed: their process cannot live any more.

    Else the next scheduler takes over their tasks only when the last heartbeat is 30 s old.
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
    """Exits with a message unless this host's newest running JOB beat within STALE_S."""
    with connect().cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM now() - max(latest_heartbeat)) FROM job "
            "WHERE job_type = %s AND hostname = %s AND state = 'running'",
            (job, socket.gethostname()),
        )
        (age,) = cursor.fetchone()
    if age is None:
        sys.exit(f"no running {job} of {socket.gethostname()} in the metadatabase")
    if age > STALE_S:
        sys.exit(f"the last heartbeat of {job} is {age:.0f} s old, allowed {STALE_S}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("question", choices=("wait", "retire", "healthy"))
    parser.add_argument("job", nargs="?", choices=("SchedulerJob", "DagProcessorJob"))
    arguments = parser.parse_args()
    if arguments.question == "wait":
        wait()
    elif arguments.job is None:
        parser.error(f"{arguments.question} needs a job")
    else:
        {"retire": retire, "healthy": healthy}[arguments.question](arguments.job)


if __name__ == "__main__":
    main()
