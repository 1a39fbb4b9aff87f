"""The comparison as a job: what it found, in JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contract.table.domain import outside
from control_center.clients.clients import Clients
from control_center.jobs import protocol
from control_center.jobs.compare.digests import Newest, total
from control_center.jobs.compare.reconcile import Examination, examine
from control_center.pipeline import messages, user_repository, verified
from control_center.pipeline.row_diff import changed_columns

SHOWN = 20


def compare() -> dict[str, Any]:
    """{ok, equal, postgres, topic, cassandra: {count, checksum}, differing, keys, offsets, …}."""
    clients = Clients()
    return verdict(clients, examine)


def verdict(clients: Clients, make_equal: Callable[[Clients], Examination]) -> dict[str, Any]:
    """What as_json makes of it; keeps the epoch for which all sides were found equal."""
    epoch = verified.current(clients)
    result = as_json(clients, make_equal(clients))
    if result["ok"] and epoch is not None:
        verified.write(clients, epoch[0])
    return result


def as_json(clients: Clients, found: Examination) -> dict[str, Any]:
    """Reads the first keys that differ once more, to tell where and in which fields."""
    offsets = found.reader.offsets
    return {
        "ok": not found.unequal and offsets.complete,
        "equal": not found.unequal,
        **{name: _sum(side.values()) for name, side in found.sides.named().items()},
        "differing": len(found.unequal),
        "keys": _shown(clients, found, sorted(found.unequal)[:SHOWN]),
        "expired_from_topic": len(found.expired),
        "offsets": offsets.as_json(),
        "took_s": protocol.elapsed_s(),
    }


def _shown(clients: Clients, found: Examination, keys: list[str]) -> list[dict[str, Any]]:
    """Per key where it is missing, in which fields the topic and Cassandra differ from PostgreSQL
    (or Cassandra from the topic), the place of its newest event, and of the one that Cassandra
    holds; and PostgreSQL's fields that no other store can hold. Values are not told."""
    postgres = user_repository.in_postgres(clients, keys)
    cassandra, origins = user_repository.in_cassandra(clients, keys)
    shown = []
    for key in keys:
        newest = found.reader.topic.newest.get(key)
        event = _event(clients, newest)
        rows = {"postgres": postgres.get(key), "topic": event, "cassandra": cassandra.get(key)}
        there = [row for row in rows.values() if row is not None]
        fields = {
            name: changed_columns(there[0], row)
            for name, row in rows.items()
            if row is not None and row is not there[0]
        }
        shown.append(
            {
                "id": key,
                "missing": found.sides.missing(key),
                "fields": fields,
                "outside_domain": outside(postgres[key]) if key in postgres else [],
                "newest": [newest.partition, newest.offset] if newest else None,
                "held": _held(origins.get(key)),
            }
        )
    return shown


def _event(clients: Clients, newest: Newest | None) -> tuple[Any, ...] | None:
    if newest is None or newest.digest is None:
        return None
    message = messages.read_one(clients, newest.partition, newest.offset)
    return messages.Decoder(clients).event(message.value()).row if message else None


def _held(origin: dict[str, Any] | None) -> list[int] | None:
    """Partition and offset of the event that Cassandra's row says it comes from."""
    if origin is None or origin["topic_offset"] is None:
        return None
    return [origin["topic_partition"], origin["topic_offset"]]


def _sum(digests: Any) -> dict[str, Any]:
    result = total(digests)
    return {"count": result.count, "checksum": f"{result.total:032x}"}
