"""How far the rows of each table have come, from the results of the probes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contract.health.details.capture import CaptureDetails
from contract.health.details.cassandra import CassandraDetails
from contract.health.details.databases import DatabasesDetails
from contract.health.details.driver import DriverDetails
from contract.health.details.lag import LagDetails
from contract.health.details.postgres import PostgresDetails
from contract.health.details.slot import SlotDetails
from contract.health.details.topic import TopicDetails
from contract.health.details.verification import VerificationDetails
from contract.health.result import ProbeResult, details_of
from contract.health.state import ProbeState
from contract.json_record import JsonRecord
from contract.stream.driver_status import TableState
from control_center.health.by_table import Finding, fail, warn
from control_center.health.probes import (
    capture,
    cassandra,
    databases,
    lag,
    postgres,
    topic,
    verification,
)

# Details that have every table of the release.
_OF_TABLES = (PostgresDetails, CassandraDetails, DriverDetails, LagDetails)


@dataclass(frozen=True)
class TableDelivery(JsonRecord):
    """`committed`: changes that PostgreSQL counted; `on_topic`: changes that came to the topic;
    `in_cassandra`: those that Cassandra has; `waiting`: messages in no batch; each is None if it is
    unknown. `newest_at`: when the newest batch was written, in epoch seconds; `verified_through`
    and `differences` as in TableVerification. `cause`: of the worst state, or ""."""

    table: str
    state: ProbeState
    committed: int | None
    on_topic: int | None
    in_cassandra: int | None
    waiting: int | None
    newest_at: float | None
    verified_through: float | None
    differences: int | None
    cause: str


def by_table(results: Sequence[ProbeResult], at: float) -> list[TableDelivery]:
    """A row for each table that a probe knows, by name. `at`: the time of the results."""
    slot, topics = details_of(results, SlotDetails), details_of(results, TopicDetails)
    lags = details_of(results, LagDetails)
    checks = details_of(results, VerificationDetails)
    rows = []
    for name in sorted(_names(results)):
        worst = _worst(_findings(results, name, at))
        verified = checks.tables.get(name) if checks else None
        events = topics.tables.get(name) if topics else None
        behind = lags.tables.get(name) if lags else None
        age_s = behind.newest_batch_s if behind else None
        rows.append(
            TableDelivery(
                table=name,
                state=worst.state if worst else ProbeState.OK,
                committed=slot.all_changes.get(name) if slot else None,
                on_topic=events.messages if events else None,
                in_cassandra=(
                    max(0, events.messages - behind.count - events.dead_letters)
                    if events and behind
                    else None
                ),
                waiting=behind.count if behind else None,
                newest_at=None if age_s is None else at - age_s,
                verified_through=verified.through if verified else None,
                differences=verified.differences if verified else None,
                cause=worst.text if worst else "",
            )
        )
    return rows


def _names(results: Sequence[ProbeResult]) -> set[str]:
    names: set[str] = set()
    for result in results:
        if isinstance(result.details, _OF_TABLES):
            names |= result.details.tables.keys()
    return names


def _findings(results: Sequence[ProbeResult], name: str, at: float) -> Iterator[Finding]:
    """What the probes listed about the table, in the order of dependency."""
    if (store := details_of(results, PostgresDetails)) and name in store.tables:
        yield postgres.evaluate_table(name, store.tables[name])
    if others := details_of(results, DatabasesDetails):
        for database, known in others.databases.items():
            if name in known.tables:
                yield databases.evaluate_table(database, known, name, known.tables[name])
    if topics := details_of(results, TopicDetails):
        yield topic.evaluate_topic(topics.tables.get(name), "the page Dead letters shows it")
    if (captured := details_of(results, CaptureDetails)) and name in captured.all_tables:
        yield capture.evaluate_table(captured.all_tables[name])
        if not captured.all_tables[name].read:
            yield warn("has existing rows that are being read")
    if (sink := details_of(results, CassandraDetails)) and name in sink.tables:
        yield cassandra.evaluate_table(sink.tables[name])
    if (driver := details_of(results, DriverDetails)) and name in driver.tables:
        query = driver.tables[name]
        if query.state == TableState.HALTED:
            yield fail(f"halted: {query.cause}")
        elif query.state == TableState.RETRYING:
            yield fail(f"is retrying: {query.cause}")
        elif not query.state:
            yield warn("is not read by the driver yet")
    if (lags := details_of(results, LagDetails)) and name in lags.tables:
        yield lag.evaluate_table(lags.tables[name], lag.STALLED_S)
    if (checks := details_of(results, VerificationDetails)) and name in checks.tables:
        yield verification.evaluate_table(name, checks.tables[name], at)


def _worst(findings: Iterator[Finding]) -> Finding | None:
    """The first failure, otherwise the first warning, otherwise None."""
    listed = list(findings)
    for state in (ProbeState.FAIL, ProbeState.WARN):
        for finding in listed:
            if finding.state is state:
                return finding
    return None
