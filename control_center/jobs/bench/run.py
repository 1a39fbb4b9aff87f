"""The measurement: sustained rate, latency at 200 rows/s, then the deletion of its rows."""

from __future__ import annotations

import time

from contract.errors import ComponentError, InvalidInputError
from contract.jobs.bench import BenchNotMeasured, BenchRequest, BenchResult, Latency
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import COMPONENT
from control_center.health import probes
from control_center.health.diagnosis import diagnose
from control_center.jobs import job_protocol
from control_center.jobs.bench import latency, sustained
from control_center.jobs.bench.arrival import all_keys
from control_center.jobs.bench.percentile import percentile
from control_center.jobs.bench.rows import Rows, delete_all, key_file, writer

STALL_S = 90
PAUSE_S = 2


def bench(request: BenchRequest) -> BenchResult | BenchNotMeasured:
    """Raises ComponentError if the platform fails during the measurement, or if the table is not
    deployed."""
    clients = Clients(only=request.table)
    table = clients.table(request.table)
    refuse(table)
    diagnosis = diagnose(probes.runner(clients).run())
    if diagnosis is not None:
        job_protocol.progress(f"not measured: {diagnosis}")
        return BenchNotMeasured(table.name, str(diagnosis), diagnosis)
    _delete(clients, table, "left by an earlier measurement")
    rows = Rows.of(clients, table)
    try:
        if request.warm_up_rows:
            job_protocol.progress(f"warm-up: {request.warm_up_rows:,} rows, not measured")
            sustained.warm_up(clients, rows, request.warm_up_rows)
        job_protocol.progress(f"sustained: {request.rows:,} rows in transactions of 1,000")
        rate = sustained.measure(clients, rows, request.rows)
        job_protocol.progress(f"sustained: {rate.rows_per_s:,} rows/s")
        samples = latency.measure(clients, rows, request.latency_s)
    finally:
        deleted = _delete(clients, table, "made for this measurement")
    return BenchResult(
        table=table.name,
        rows=request.rows,
        warm_up_rows=request.warm_up_rows,
        rows_per_s=rate.rows_per_s,
        seconds=rate.seconds,
        stages=rate.stages,
        latency_ms=Latency(
            p50=round(percentile(samples, 50)),
            p99=round(percentile(samples, 99)),
            samples=len(samples),
            rows_per_s=latency.RATE,
        ),
        deleted=deleted,
        took_s=job_protocol.elapsed_s(),
    )


def refuse(table: Table) -> None:
    """Raises InvalidInputError for a table of another database, to which Riada writes no row."""
    if table.database:
        raise InvalidInputError(
            COMPONENT,
            f"bench writes rows, and {table.name} is a table of database {table.database}, which "
            "Riada only reads",
            "Measure a table of Riada's own PostgreSQL.",
        )


def _delete(clients: Clients, table: Table, origin: str) -> int:
    """Deletes the rows of a measurement, and waits until Cassandra holds none of them either."""
    with clients.postgres(role=writer(table), statement_timeout_s=60) as connection:
        keys = delete_all(table, connection, key_file(clients, table))
    if not keys:
        return 0
    job_protocol.progress(f"deleted {len(keys):,} rows {origin}, waiting for Cassandra")
    fewest, progress_at = len(keys), time.monotonic()
    while remaining := len(keys & all_keys(clients, table)):
        if remaining < fewest:
            fewest, progress_at = remaining, time.monotonic()
        if time.monotonic() - progress_at > STALL_S:
            cause = f"still holds {remaining:,} deleted rows"
            raise ComponentError("cassandra", cause, "Run make status.")
        time.sleep(PAUSE_S)
    return len(keys)
