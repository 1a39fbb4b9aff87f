"""A comparison by Spark, from the request to the outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from typing import TypeVar
from uuid import uuid4

from contract.jobs.spark_comparison import ComparisonRequest, Span
from contract.stores.cassandra.batches import Offsets
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.jobs.compare.in_spark.answer import answer
from control_center.jobs.compare.in_spark.channel import KafkaChannel
from control_center.jobs.compare.in_spark.settle import settle
from control_center.jobs.compare.outcome import Outcome
from control_center.jobs.compare.platform_reader import PlatformReader, TooManyRowsError
from control_center.jobs.compare.reader import TopicSource
from control_center.jobs.compare.reconcile import Comparison
from control_center.pipeline import row_repository

# The Control Center holds the digests of a table up to these sizes, about 60 MiB.
MOST_ROWS, MOST_MESSAGES = 50_000, 200_000
# A table that was taken for a small one is compared again by Spark above this multiple.
SURELY_LARGE = 2

T = TypeVar("T")


def request_for(source: TopicSource, name: str, rows: int) -> ComparisonRequest:
    """The messages that exist now and that the table's query has written or refused. Raises
    UnreachableError."""
    earliest, written = source.earliest(), source.written()
    dead_letters = source.dead_letters_earliest(), source.dead_letters_end()
    return ComparisonRequest(
        uuid4().hex, name, _spans(earliest, written), _spans(*dead_letters), rows
    )


def is_large(request: ComparisonRequest) -> bool:
    return request.rows > MOST_ROWS or request.messages > MOST_MESSAGES


def large_request(clients: Clients, reader: PlatformReader) -> ComparisonRequest | None:
    """None for a table that is small, or whose PostgreSQL is not Riada's own: Spark's workers have
    no access to it. Raises UnreachableError."""
    if reader.table.database:
        return None
    rows = row_repository.estimated_rows(clients, reader.table)
    request = request_for(reader, reader.table.name, rows)
    return request if is_large(request) else None


def by_size(
    clients: Clients,
    reader: PlatformReader,
    small: Callable[[], T],
    large: Callable[[ComparisonRequest], T],
) -> T:
    """`small`, which holds all digests, or `large`. Estimates may be old, and Cassandra may hold
    more than PostgreSQL: then `small` ends by TooManyRowsError before it changes anything, and
    `large` begins. Raises UnreachableError."""
    if request := large_request(clients, reader):
        return large(request)
    if not reader.table.database:
        reader.most_rows = SURELY_LARGE * MOST_ROWS
    try:
        return small()
    except TooManyRowsError as error:
        return large(request_for(reader, reader.table.name, error.rows))


def compare_in_spark(
    clients: Clients,
    reader: PlatformReader,
    request: ComparisonRequest,
    on_differing: Callable[[Comparison], None] = lambda _: None,
) -> Outcome:
    """Raises UnreachableError."""
    job_protocol.progress(
        f"{request.table}: about {request.rows:,} rows and {request.messages:,} messages:"
        " Spark compares them"
    )
    with closing(KafkaChannel(clients)) as channel:
        result = answer(channel, request)
        job_protocol.progress(f"{result.differing:,} rows differ or are on their way")
        differences = channel.differences(result)
        outcome = settle(reader, request, result, differences, on_differing)
    count = outcome.differing
    job_protocol.progress(
        f"{request.table}: {f'{count:,} keys differ' if count else 'all three stores are equal'}"
    )
    return outcome


def _spans(start: Offsets, end: Offsets) -> tuple[Span, ...]:
    starts: Mapping[int, int] = start
    return tuple(Span(part, starts.get(part, 0), stop) for part, stop in sorted(end.items()))
