"""The measurement: sustained rate, latency at 200 rows/s, and everything made for it deleted."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from control_center.clients.clients import Clients
from control_center.health.diagnosis import diagnose
from control_center.health.runner import Runner
from control_center.jobs import protocol
from control_center.jobs.bench import latency, sustained
from control_center.jobs.bench.arrival import all_ids
from control_center.jobs.bench.people import delete_all, people

PATIENCE_S = 90


def bench(rows: int, latency_s: int, warm_up_rows: int) -> dict[str, Any]:
    """{ok, rows_per_s, latency_ms: {p50, p99}, memory_mib, stages, …}; memory is the host's to
    fill: from in here no other container can be seen."""
    clients = Clients()
    found = diagnose(Runner(clients).run())
    if found is not None:
        protocol.progress(f"not measured: {found}")
        return {"ok": False, "error": str(found), "diagnosis": asdict(found)}
    _clean(clients, "left over from a measurement before")
    made = people(clients)
    try:
        if warm_up_rows:
            protocol.progress(f"warm-up: {warm_up_rows:,} rows, not measured")
            sustained.warm_up(clients, made, warm_up_rows)
        protocol.progress(f"sustained: {rows:,} rows in transactions of 1,000")
        rate = sustained.measure(clients, made, rows)
        protocol.progress(f"sustained: {rate['rows_per_s']:,} rows/s")
        samples = latency.measure(clients, made, latency_s)
    finally:
        deleted = _clean(clients, "made for this measurement")
    return {
        "ok": True,
        "rows": rows,
        "warm_up_rows": warm_up_rows,
        **rate,
        "latency_ms": {
            "p50": round(latency.percentile(samples, 50)),
            "p99": round(latency.percentile(samples, 99)),
            "samples": len(samples),
            "rows_per_s": latency.RATE,
        },
        "memory_mib": None,
        "deleted": deleted,
        "took_s": protocol.elapsed_s(),
    }


def _clean(clients: Clients, whose: str) -> int:
    """Deletes the marked people and waits until Cassandra has none of them either."""
    with clients.postgres("ingest", statement_timeout_s=60) as connection:
        keys = delete_all(connection)
    if not keys:
        return 0
    protocol.progress(f"deleted {len(keys):,} rows {whose}, waiting for Cassandra")
    fewest, moved = len(keys), time.monotonic()
    while left := len(set(keys) & all_ids(clients)):
        if left < fewest:
            fewest, moved = left, time.monotonic()
        if time.monotonic() - moved > PATIENCE_S:
            raise TimeoutError(f"{left:,} deleted rows are still in Cassandra")
        time.sleep(2)
    return len(keys)
