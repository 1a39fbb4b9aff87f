"""The job: a comparison of all rows of a table, as a result with the first keys that differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from contract.jobs.compare import CompareRequest, CompareResult, KeyDifference
from contract.kafka import topics
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.jobs.compare.in_spark.run import by_size, compare_in_spark
from control_center.jobs.compare.key_differences import Row, key_difference
from control_center.jobs.compare.newest_events import NewestEvent
from control_center.jobs.compare.outcome import DifferingKey, Outcome
from control_center.jobs.compare.platform_reader import PlatformReader
from control_center.jobs.compare.reconcile import reconcile
from control_center.pipeline import messages, row_repository, verified
from control_center.pipeline.decoder import Decoder


def compare(request: CompareRequest) -> CompareResult:
    """Raises UnreachableError, NotFoundError for a table that is not deployed."""
    clients = Clients()
    table = clients.table(request.table)
    return verified_result(clients, table, lambda: _outcome(clients, table))


def _outcome(clients: Clients, table: Table) -> Outcome:
    reader = PlatformReader(clients, table)
    return by_size(
        clients,
        reader,
        small=lambda: reconcile(reader).outcome(),
        large=lambda request: compare_in_spark(clients, reader, request),
    )


def verified_result(clients: Clients, table: Table, make: Callable[[], Outcome]) -> CompareResult:
    """The result of the comparison whose outcome `make` returns. If it is ok, the epoch of capture
    that was current before its start counts as verified for the table."""
    epoch = verified.current(clients, table.database)
    outcome = make()
    result = to_result(table, outcome, _key_differences(clients, table, outcome.first))
    if result.ok and epoch is not None:
        verified.write(clients, table, epoch.epoch)
    return result


def to_result(table: Table, outcome: Outcome, keys: Sequence[KeyDifference]) -> CompareResult:
    """Counts and checksums of the comparison, with these differences."""
    offsets = outcome.offsets
    equal = not outcome.differing
    complete = offsets.read == offsets.expected and not offsets.unaccounted
    return CompareResult(
        table=table.name,
        ok=equal and complete,
        equal=equal,
        postgres=outcome.postgres,
        topic=outcome.topic,
        cassandra=outcome.cassandra,
        differing=outcome.differing,
        keys=tuple(keys),
        expired_from_topic=outcome.expired,
        offsets=offsets,
        took_s=job_protocol.elapsed_s(),
    )


def _key_differences(
    clients: Clients, table: Table, differing: Sequence[DifferingKey]
) -> list[KeyDifference]:
    """Reads these rows again from every store, because digests do not name columns."""
    keys = [row.key for row in differing]
    postgres = row_repository.in_postgres(clients, table, keys)
    cassandra, origins = row_repository.in_cassandra(clients, table, keys)
    differences = []
    for row in differing:
        key, newest = row.key, row.newest
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
                row.missing,
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
