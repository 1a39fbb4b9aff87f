"""The job: a comparison of all rows of a table, as a result with the first keys that differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from contract.jobs.compare import CompareRequest, CompareResult, KeyDifference
from contract.kafka import topics
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.jobs.compare.digest import summary
from control_center.jobs.compare.key_differences import Row, key_difference
from control_center.jobs.compare.newest_events import NewestEvent
from control_center.jobs.compare.platform_reader import PlatformReader
from control_center.jobs.compare.reconcile import Comparison, reconcile
from control_center.pipeline import messages, row_repository, verified
from control_center.pipeline.decoder import Decoder

LISTED = 20


def compare(request: CompareRequest) -> CompareResult:
    """Raises UnreachableError, NotFoundError for a table that is not deployed."""
    clients = Clients()
    table = clients.table(request.table)
    return verified_result(clients, table, lambda: reconcile(PlatformReader(clients, table)))


def verified_result(
    clients: Clients, table: Table, make: Callable[[], Comparison]
) -> CompareResult:
    """The result of the comparison that `make` returns. If it is ok, the epoch of capture that was
    current before its start counts as verified for the table."""
    epoch = verified.current(clients, table.database)
    comparison = make()
    keys = sorted(comparison.mismatches)[:LISTED]
    result = to_result(table, comparison, _key_differences(clients, table, comparison, keys))
    if result.ok and epoch is not None:
        verified.write(clients, table, epoch.epoch)
    return result


def to_result(table: Table, comparison: Comparison, keys: Sequence[KeyDifference]) -> CompareResult:
    """Counts and checksums of the comparison, with these differences."""
    offsets = comparison.topic.offsets
    equal = not comparison.mismatches
    return CompareResult(
        table=table.name,
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
    clients: Clients, table: Table, comparison: Comparison, keys: Sequence[str]
) -> list[KeyDifference]:
    """Reads these rows again from every store, because digests do not name columns."""
    postgres = row_repository.in_postgres(clients, table, keys)
    cassandra, origins = row_repository.in_cassandra(clients, table, keys)
    differences = []
    for key in keys:
        newest = comparison.topic.newest.get(key)
        rows = {
            "postgres": postgres.get(key),
            "topic": _row_on_topic(clients, table, newest),
            "cassandra": cassandra.get(key),
        }
        origin = origins.get(key)
        differences.append(
            key_difference(
                table,
                key,
                comparison.stores.missing_in(key),
                rows,
                newest.place if newest else None,
                origin.offset if origin else None,
            )
        )
    return differences


def _row_on_topic(clients: Clients, table: Table, newest: NewestEvent | None) -> Row | None:
    if newest is None or newest.digest is None:
        return None
    message = messages.read_one(clients, topics.events(table).name, *newest.place)
    if message is None:
        return None
    return Decoder(clients, table).event(message.value()).row
