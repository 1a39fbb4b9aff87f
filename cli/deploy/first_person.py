"""The first person: a DAG run of one person, followed to Cassandra."""

from __future__ import annotations

from cli.clients import control_center
from cli.clients.airflow import Airflow
from cli.clients.http import NoResponseError, ResponseError
from cli.clients.people_source import first_id
from cli.host.errors import CliError
from cli.host.output import progress
from cli.host.poll import poll_until
from cli.installations.local import Installation
from contract.stream.trace import PersonTrace

_SEED = "first-person"
_LIMIT_S = 240


def follow(installation: Installation) -> PersonTrace:
    """Let `ingest_users` fetch the person if PostgreSQL does not have it, and return its trace."""
    number = first_id(installation, _SEED)
    trace = _trace(installation, number)
    if trace is None:
        run = {"logical_date": None, "conf": {"seed": _SEED, "people": 1, "batch_size": 1}}
        started = Airflow(installation).ask("POST", "/dags/ingest_users/dagRuns", run)
        progress(f"DAG run {started['dag_run_id']} fetches person {number}")

    def complete() -> PersonTrace | None:
        nonlocal trace
        trace = _trace(installation, number)
        return trace if trace and is_complete(trace) else None

    def where() -> str:
        place = "in PostgreSQL, not yet in Cassandra" if trace else "not yet in PostgreSQL"
        return f"the first person is {place}"

    result = poll_until(complete, _LIMIT_S, report=where)
    if result is None:
        raise CliError(f"after {_LIMIT_S} s {where()}", "make status names the cause")
    return result


def is_complete(trace: PersonTrace) -> bool:
    """The job records a batch after its rows, so a row exists a moment before its batch."""
    return trace.arrived and trace.spark is not None


def describe(trace: PersonTrace) -> str:
    """The complete trace in a few lines: commit, offset, batch, write, and the milliseconds between
    them."""
    kafka, spark, cassandra = trace.kafka, trace.spark, trace.cassandra
    if kafka is None or spark is None or cassandra is None:
        raise ValueError(f"person {trace.id} has not passed every stage")
    postgres, took = trace.postgres, trace.milliseconds
    lines = [
        f"person {trace.id}",
        f"  PostgreSQL  committed  {postgres.committed_at}  LSN {postgres.lsn}",
        f"  Kafka       on topic   {kafka.at}  partition {kafka.partition}, offset {kafka.offset}"
        f"  (+{took.commit_to_topic} ms)",
        f"  Spark       batch      {spark.started_at}  number {spark.batch_id}"
        f"  (+{took.topic_to_batch} ms)",
        f"  Cassandra   written    {cassandra.written_at}  (+{took.batch_to_written} ms)",
        f"  from commit to readable: {took.commit_to_readable} ms",
    ]
    return "\n".join(lines)


def _trace(installation: Installation, number: str) -> PersonTrace | None:
    """The person's present trace; None before PostgreSQL has the person or while a stage does not
    answer."""
    try:
        answer = control_center.ask(installation, "GET", f"/api/person/{number}")
    except ResponseError as error:
        if error.status in (404, 503):
            return None
        raise
    except NoResponseError:
        return None
    return control_center.decoded(PersonTrace.from_json, answer)
