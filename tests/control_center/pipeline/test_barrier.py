"""A barrier has passed only when slot, topic and query have all come by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from contract.stores.postgres.capture_schema import HEARTBEAT
from contract.stores.postgres.roles import Role
from control_center.clients.clients import Clients
from control_center.pipeline import scans, written
from control_center.pipeline.barrier import POSITION, Barrier, StrictBarrier
from tests.control_center.sample_tables import USERS


class SlotOf(Clients):
    """PostgreSQL is at 500; its slot has confirmed `confirmed`."""

    def __init__(self) -> None:
        self.confirmed: int | None = 400
        self.statements: list[tuple[str, Role]] = []
        self._row: tuple[Any, ...] = ()

    @contextmanager
    def postgres(self, database: str = "", role: Role = Role.OBSERVER, *_: Any) -> Iterator[Any]:
        self._role = role
        yield self

    def __enter__(self) -> SlotOf:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def cursor(self) -> SlotOf:
        return self

    def execute(self, statement: str, values: tuple[Any, ...] = ()) -> None:
        self.statements.append((statement, self._role))
        self._row = (500,)
        if values:
            self._row = (self.confirmed is not None and self.confirmed >= values[0],)

    def fetchone(self) -> tuple[Any, ...]:
        return self._row


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state = {
        "reading": False,
        "ends": {0: 10},
        "offsets": {0: 7},
        "read": True,
        "recorded": {0: 7},
    }
    monkeypatch.setattr(scans, "is_being_read", lambda *_: state["reading"])
    monkeypatch.setattr(written, "ends", lambda *_: state["ends"])
    monkeypatch.setattr(written, "offsets", lambda *_: state["offsets"])
    monkeypatch.setattr(scans, "has_ended", lambda *_: state["read"])
    monkeypatch.setattr(written, "recorded", lambda *_: state["recorded"])
    return state


def test_it_passes_slot_then_topic_then_query(platform: dict[str, Any]) -> None:
    clients = SlotOf()
    barrier = Barrier(clients, USERS)
    assert clients.statements == [(POSITION, Role.DEBEZIUM), (HEARTBEAT, Role.DEBEZIUM)]
    assert not barrier.has_passed()
    clients.confirmed = 500
    assert not barrier.has_passed(), "the query has not written the topic to its end"
    platform["ends"] = {0: 99}  # messages that came later do not count
    platform["offsets"] = {0: 10}
    assert barrier.has_passed()


def test_without_a_slot_nothing_passes(platform: dict[str, Any]) -> None:
    clients = SlotOf()
    clients.confirmed = None
    platform["offsets"] = {0: 10}
    assert not Barrier(clients, USERS).has_passed()


def test_nothing_passes_while_rows_are_read_on_request(platform: dict[str, Any]) -> None:
    clients = SlotOf()
    clients.confirmed, platform["offsets"], platform["reading"] = 900, {0: 10}, True
    barrier = Barrier(clients, USERS)
    assert not barrier.has_passed()
    platform["reading"] = False
    assert barrier.has_passed()


def test_a_strict_barrier_waits_for_existing_rows_and_for_a_batch(platform: dict[str, Any]) -> None:
    clients = SlotOf()
    clients.confirmed = 900
    platform |= {"offsets": {0: 10}, "read": False, "recorded": {0: 10}}
    barrier = StrictBarrier(clients, USERS)
    assert not barrier.has_passed(), "the rows of the epoch's beginning are on their way"
    platform |= {"read": True, "recorded": {0: 0}}
    assert not barrier.has_passed(), "no batch has been written"
    platform["recorded"] = {0: 10}
    assert barrier.has_passed()


def test_a_strict_barrier_needs_a_topic(platform: dict[str, Any]) -> None:
    clients = SlotOf()
    clients.confirmed, platform["ends"] = 900, {}
    assert not StrictBarrier(clients, USERS).has_passed()
