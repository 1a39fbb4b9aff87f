"""Topics: partitions, replicas, how many messages retention has left, and their size on disk."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from contract.errors import UnreachableError
from control_center.clients.clients import Clients

SIZES = "sum by (topic) (kafka_log_size_bytes)"


def look(clients: Clients) -> dict[str, Any]:
    """{topics: [{topic, partitions, replicas, under_replicated, messages, bytes}], sizes}; `bytes`
    is None without Prometheus, `sizes` then says why. Raises UnreachableError."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        measured = pool.submit(_sizes, clients)
        found = clients.kafka.topics()
        spans = clients.kafka.spans(found)
        bytes_, sizes = measured.result()
    topics = []
    for name, topic in sorted(found.items()):
        parts = topic.partitions.values()
        topics.append(
            {
                "topic": name,
                "partitions": len(parts),
                "replicas": min((len(part.replicas) for part in parts), default=0),
                "under_replicated": sum(len(part.isrs) < len(part.replicas) for part in parts),
                "messages": sum(end - first for first, end in spans[name].values()),
                "bytes": bytes_.get(name),
            }
        )
    return {"topics": topics, "sizes": sizes}


def _sizes(clients: Clients) -> tuple[dict[str, float], str]:
    try:
        found = {labels["topic"]: value for labels, value in clients.prometheus.now(SIZES)}
    except UnreachableError as error:
        return {}, f"Sizes on disk are missing: {error}"
    return found, ""
