"""The measurement: sustained rate, latency at 200 rows/s, then the deletion of its rows."""

from __future__ import annotations

import time

from contract.errors import ComponentError
from contract.jobs.bench import BenchNotMeasured, BenchRequest, BenchResult, Latency
from contract.stores.postgres.roles import Role
from control_center.clients.clients import Clients
from control_center.health import probes
from control_center.health.diagnosis import diagnose
from control_center.jobs import job_protocol
from control_center.jobs.bench import latency, sustained
from control_center.jobs.bench.arrival import all_ids
from control_center.jobs.bench.people import delete_all, people
from control_center.jobs.bench.percentile import percentile

STALL_S = 90
PAUSE_S = 2


def bench(request: BenchRequest) -> BenchResult | BenchNotMeasured:
    """Raises ComponentError if the platform fails during the measurement."""
    clients = Clients()
    diagnosis = diagnose(probes.runner(clients).run())
    if diagnosis is not None:
        job_protocol.progress(f"not measured: {diagnosis}")
        return BenchNotMeasured(str(diagnosis), diagnosis)
    _delete(clients, "left by an earlier measurement")
    rows = people(clients)
    try:
        if request.warm_up_rows:
            job_protocol.progress(f"warm-up: {request.warm_up_rows:,} rows, not measured")
            sustained.warm_up(clients, rows, request.warm_up_rows)
        job_protocol.progress(f"sustained: {request.rows:,} rows in transactions of 1,000")
        rate = sustained.measure(clients, rows, request.rows)
        job_protocol.progress(f"sustained: {rate.rows_per_s:,} rows/s")
        samples = latency.measure(clients, rows, request.latency_s)
    finally:
        deleted = _delete(clients, "made for this measurement")
    return BenchResult(
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


def _delete(clients: Clients, origin: str) -> int:
    """Deletes the marked people, and waits until Cassandra holds none of them either."""
    with clients.postgres(Role.INGEST, statement_timeout_s=60) as connection:
        keys = delete_all(connection)
    if not keys:
        return 0
    job_protocol.progress(f"deleted {len(keys):,} rows {origin}, waiting for Cassandra")
    fewest, progress_at = len(keys), time.monotonic()
    while remaining := len(set(keys) & all_ids(clients)):
        if remaining < fewest:
            fewest, progress_at = remaining, time.monotonic()
        if time.monotonic() - progress_at > STALL_S:
            cause = f"still holds {remaining:,} deleted rows"
            raise ComponentError("cassandra", cause, "Run make status.")
        time.sleep(PAUSE_S)
    return len(keys)
