"""The job: a comparison of all people, as a result with the first keys that differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from contract.jobs.compare import CompareRequest, CompareResult, KeyDifference
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.jobs.compare.digest import summary
from control_center.jobs.compare.key_differences import Row, key_difference
from control_center.jobs.compare.newest_events import NewestEvent
from control_center.jobs.compare.platform_reader import PlatformReader
from control_center.jobs.compare.reconcile import Comparison, reconcile
from control_center.pipeline import messages, user_repository, verified
from control_center.pipeline.decoder import Decoder

LISTED = 20


def compare(_: CompareRequest) -> CompareResult:
    """Raises UnreachableError."""
    clients = Clients()
    return verified_result(clients, lambda: reconcile(PlatformReader(clients)))


def verified_result(clients: Clients, make: Callable[[], Comparison]) -> CompareResult:
    """The result of the comparison that `make` returns. If it is ok, the epoch of capture that was
    current before its start counts as verified."""
    epoch = verified.current(clients)
    comparison = make()
    keys = sorted(comparison.mismatches)[:LISTED]
    result = to_result(comparison, _key_differences(clients, comparison, keys))
    if result.ok and epoch is not None:
        verified.write(clients, epoch.epoch)
    return result


def to_result(comparison: Comparison, keys: Sequence[KeyDifference]) -> CompareResult:
    """Counts and checksums of the comparison, with these differences."""
    offsets = comparison.topic.offsets
    equal = not comparison.mismatches
    return CompareResult(
        ok=equal and offsets.complete,
        equal=equal,
        postgres=summary(comparison.stores.postgres.values()),
        topic=summary(comparison.stores.topic.values()),
        cassandra=summary(comparison.stores.cassandra.values()),
        differing=len(comparison.mismatches),
        keys=tuple(keys),
        expired_from_topic=len(comparison.expired),
        offsets=offsets.summary(),
        took_s=job_protocol.elapsed_s(),
    )


def _key_differences(
    clients: Clients, comparison: Comparison, keys: Sequence[str]
) -> list[KeyDifference]:
    """Reads these people again from every store, because digests do not name columns."""
    postgres = user_repository.in_postgres(clients, keys)
    cassandra, origins = user_repository.in_cassandra(clients, keys)
    differences = []
    for key in keys:
        newest = comparison.topic.newest.get(key)
        rows = {
            "postgres": postgres.get(key),
            "topic": _row_on_topic(clients, newest),
            "cassandra": cassandra.get(key),
        }
        origin = origins.get(key)
        differences.append(
            key_difference(
                key,
                comparison.stores.missing_in(key),
                rows,
                newest.place if newest else None,
                origin.offset if origin else None,
            )
        )
    return differences


def _row_on_topic(clients: Clients, newest: NewestEvent | None) -> Row | None:
    if newest is None or newest.digest is None:
        return None
    message = messages.read_one(clients, *newest.place)
    if message is None:
        return None
    return Decoder(clients).event(message.value()).row
