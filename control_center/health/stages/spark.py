"""The streaming query: its batches, how fast they were, what waits."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from contract.stream.batches import BatchRecord
from control_center.clients.clients import Clients
from control_center.config import TOPIC
from control_center.health.probes import driver
from control_center.pipeline import batches

SHOWN = 20


def look(clients: Clients) -> dict[str, Any]:
    """{says, workers, drivers, lag: [{partition, end, done, waiting}], batches, last_error}; raises
    UnreachableError."""
    master = clients.http.json(f"{clients.settings.spark_master_ui}/json/")
    done = batches.last(clients, SHOWN)
    ends = clients.kafka.offsets(TOPIC)
    position = clients.kafka.earliest(TOPIC) | (done[0].end_offsets if done else {})
    waiting = batches.waiting(ends, position)
    status = driver.status(clients)
    return {
        "says": asdict(status) if status else {},
        "last_error": status.cause if status else None,
        "workers": [
            {
                "worker": worker["host"],
                "state": worker["state"],
                "cores": f"{worker['coresused']} of {worker['cores']}",
                "memory_mib": f"{worker['memoryused']:,} of {worker['memory']:,}",
            }
            for worker in master["workers"]
        ],
        "applications": [
            {"name": app["name"], "state": app["state"], "cores": app["cores"]}
            for app in master["activeapps"]
        ],
        "lag": [
            {
                "partition": part,
                "end": ends[part],
                "done": position.get(part, 0),
                "waiting": count,
            }
            for part, count in waiting.items()
        ],
        "batches": [_batch(batch) for batch in done],
    }


def _batch(batch: BatchRecord) -> dict[str, Any]:
    seconds = (batch.written_at - batch.started_at).total_seconds()
    read = sum(end - batch.start_offsets.get(part, 0) for part, end in batch.end_offsets.items())
    return {
        "batch": batch.batch_id,
        "written_at": batch.written_at.isoformat(timespec="milliseconds"),
        "seconds": round(seconds, 2),
        "read": read,
        "rows": batch.upserts + batch.deletes,
        "dead_letters": batch.dead_letters,
        "rows_per_s": round(read / seconds) if seconds > 0 else None,
        "release": batch.release,
    }
