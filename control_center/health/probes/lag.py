"""Delivery: how many messages of each table are in no batch yet, and for how long do they wait?"""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from contract.health.details.lag import LagDetails, TableLag
from contract.health.result import ProbeResult
from contract.kafka.topics import events
from contract.stream.driver_status import DriverStatus
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.clients.kafka import Span
from control_center.health.by_table import Finding, fail, ok, other_tables, summarize, tables
from control_center.health.outcome import Outcome
from control_center.health.positions import Position, Positions
from control_center.health.probes import driver
from control_center.pipeline import batches, messages

OUTCOME = Outcome("lag", "spark-driver")
# A batch takes seconds. The first one of a new driver takes up to 20 s, and is reported.
STALLED_S = 15
THREADS = 8
NO_ROWS = "no table is deployed, so no row is delivered"

_positions = Positions()


def probe(clients: Clients) -> ProbeResult:
    """A few requests to Kafka for all topics. Cassandra and single messages are read only for the
    tables whose topic or query has changed."""
    release = clients.tables()
    topics = clients.kafka.topics()
    names = {events(table).name for table in release.values()} & topics.keys()
    spans = clients.kafka.spans({name: topics[name] for name in names}) if names else {}
    status = driver.status(clients)
    lags: dict[str, TableLag] = {}
    if release:
        with ThreadPoolExecutor(min(THREADS, len(release))) as pool:
            asked = {
                name: pool.submit(
                    table_lag,
                    clients,
                    table,
                    spans.get(events(table).name, {}),
                    status,
                )
                for name, table in release.items()
            }
            lags = {name: answer.result() for name, answer in asked.items()}
    return evaluate(lags, STALLED_S * clients.settings.patience)


def position(
    clients: Clients, table: Table, spans: Mapping[int, Span], status: DriverStatus | None
) -> Position:
    """Where the table's query is. `spans`: partition → first offset and end of its topic; `status`:
    the driver's, which tells whether the query began again."""
    query = (status.driver_id, status.tables.get(table.name)) if status else None
    return _positions.of(clients, table, spans, query)


def table_lag(
    clients: Clients, table: Table, spans: Mapping[int, Span], status: DriverStatus | None
) -> TableLag:
    at = position(clients, table, spans, status)
    waiting = batches.waiting({part: end for part, (_, end) in spans.items()}, dict(at.done))
    first = {part: at.done.get(part, 0) for part, count in waiting.items() if count}
    newest = at.newest
    return TableLag(
        waiting={str(part): count for part, count in waiting.items()},
        oldest_waiting_s=_round(_age(clients, table, first)),
        newest_batch_s=_round(time.time() - newest.written_at.timestamp()) if newest else None,
        behind_ms=None if first else _positions.behind_ms(clients, table, newest),
    )


def evaluate(lags: Mapping[str, TableLag], stalled_s: float = STALLED_S) -> ProbeResult:
    """Messages that wait are not a failure as long as batches are written. All rows are delivered
    only if no table has waiting messages."""
    details = LagDetails(lags)
    if not lags:
        return OUTCOME.ok(NO_ROWS, details)
    findings = {name: evaluate_table(lag, stalled_s) for name, lag in lags.items()}
    return summarize(OUTCOME, findings, summary_of(lags), details)


def evaluate_table(lag: TableLag, stalled_s: float) -> Finding:
    if not lag.count:
        return ok()
    oldest_s, batch_s = lag.oldest_waiting_s or 0.0, lag.newest_batch_s
    stalled = oldest_s if batch_s is None else min(oldest_s, batch_s)
    if stalled > stalled_s:
        return fail(
            f"waits: the Spark driver has written none of its rows for {stalled:.0f} s, "
            f"{lag.count:,} messages wait"
        )
    return ok()


def summary_of(lags: Mapping[str, TableLag]) -> str:
    """The sentence without a fault: it names the table that is furthest behind."""
    many = len(lags) > 1
    waiting = {name: lag for name, lag in lags.items() if lag.count}
    if not waiting:
        behind = {name: lag.behind_ms for name, lag in lags.items() if lag.behind_ms is not None}
        text = f"all rows of {tables(len(lags))} delivered" if many else "all rows delivered"
        if not behind:
            return text
        slowest = max(sorted(behind), key=lambda name: behind[name])
        return f"{text}, {f'{slowest} ' if many else ''}{behind[slowest]:,} ms behind"
    slowest = max(sorted(waiting), key=lambda name: waiting[name].oldest_waiting_s or 0.0)
    lag = waiting[slowest]
    rows = f"{lag.count:,} rows{f' of {slowest}' if many else ''}"
    text = f"{rows} are on their way, the oldest for {lag.oldest_waiting_s or 0.0:.1f} s"
    if len(waiting) > 1:
        text += f"; also rows of {tables(len(waiting) - 1)}"
    if fine := len(lags) - len(waiting):
        text += f"; {other_tables(fine, 'have no waiting rows')}"
    return text


def _age(clients: Clients, table: Table, first: Mapping[int, int]) -> float | None:
    """Seconds since the oldest of the messages at these offsets came to the topic."""
    end = {part: offset + 1 for part, offset in first.items()}
    read = messages.read(clients, first, end, events(table).name)
    stamps = [message.timestamp()[1] for message in read]
    return max(0.0, time.time() - min(stamps) / 1000) if stamps else None


def _round(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
