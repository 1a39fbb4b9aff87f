"""Which traces remain, and until when at the latest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contract.jobs.erase import Trace
from contract.stores.postgres.backups import Backups
from control_center.jobs.erase.dead_letters import Outcome
from control_center.jobs.erase.traces import DELETION, latest, traces
from tests.control_center.in_memory_clients import InMemoryClients
from tests.control_center.sample_tables import DEAD_LETTERS, TOPIC, USERS

ENDED = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NOW = ENDED + timedelta(minutes=1)


@pytest.fixture
def clients(tmp_path: Path) -> InMemoryClients:
    return InMemoryClients(tmp_path)


def listed(
    clients: InMemoryClients, outcome: Outcome | None = None, now: datetime = NOW
) -> tuple[Trace, ...]:
    return traces(clients, USERS, ENDED, outcome or Outcome(), now)


def test_every_store_is_named(clients: InMemoryClients) -> None:
    stores = [trace.store for trace in listed(clients)]
    assert stores == [
        "kafka",
        "postgres",
        "postgres",
        "cassandra",
        "backups",
        "backups",
        "logs",
        "control-center",
    ]
    assert all(trace.until or trace.remedy or trace.store == "logs" for trace in listed(clients))


def test_the_topic_loses_the_newest_event_with_its_segment(clients: InMemoryClients) -> None:
    [trace] = [trace for trace in listed(clients) if TOPIC in trace.what]
    assert trace.until == "2026-11-30T12:10Z"  # 7 days of retention, 1 of segment, 10 minutes


def test_a_trace_that_has_ended_is_not_listed(clients: InMemoryClients) -> None:
    after = ENDED + timedelta(days=8) + DELETION
    assert listed(clients, now=after)[0].store == "postgres"
    before = after - timedelta(minutes=1)
    assert listed(clients, now=before)[0].store == "kafka"


def test_dead_letters_leave_the_disk_minutes_later(clients: InMemoryClients) -> None:
    [trace] = [item for item in listed(clients, Outcome(erased=2)) if DEAD_LETTERS in item.what]
    assert trace.until == "2026-11-22T12:11Z"


def test_dead_letters_that_nobody_can_read_are_counted(clients: InMemoryClients) -> None:
    outcome = Outcome(unreadable=3, newest_ms=int(ENDED.timestamp() * 1000))
    [trace] = [item for item in listed(clients, outcome) if DEAD_LETTERS in item.what]
    assert trace.what.startswith("3 dead letters")
    assert trace.until == "2026-12-23T12:10Z"  # 30 days, 1 of segment, 10 minutes


def test_the_tombstone_outlives_every_event(clients: InMemoryClients) -> None:
    [trace] = [trace for trace in listed(clients) if trace.store == "cassandra"]
    assert "after 2026-12-04T12:00Z" in trace.what


def test_backups_hold_the_row_as_long_as_their_container_reports(clients: InMemoryClients) -> None:
    clients.database.backups = Backups(kept_days=22)
    own, others = (trace for trace in listed(clients) if trace.store == "backups")
    assert own.until == "2026-12-14T12:00Z"
    assert "archived WAL" in own.what
    assert others.what.startswith("other dumps")
    clients.database.backups = Backups()
    own, _ = (trace for trace in listed(clients) if trace.store == "backups")
    assert own.until == ""


def test_settings_of_the_topic_itself_count() -> None:
    settings = {"retention.ms": "1000", "segment.ms": "2000"}
    assert latest(ENDED, settings) == ENDED + timedelta(seconds=3) + DELETION
