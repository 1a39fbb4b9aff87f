"""Connector and tasks are restarted, and the outcome is what they do afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from contract.errors import UnreachableError
from control_center.clients.connect import ConnectorStatus, PartStatus
from control_center.health.stages.connect import CONFIRMED_S, ConnectorPart, describe, restart
from tests.control_center.health.stages.in_memory import clients

AWAY = "away"


class InMemoryConnect:
    """`states`: of the one task at each question, the last one for ever; "" for no task."""

    component = "connect"

    def __init__(self, states: Sequence[str], answer: int = 202) -> None:
        self._states, self._answer = list(states), answer
        self.orders: list[tuple[str, str]] = []

    def request(self, method: str, path: str, database: str = "", **_: Any) -> httpx.Response:
        self.orders.append((method, f"{database}{path}"))
        return httpx.Response(self._answer, text="rebalancing")

    def status(self, database: str = "") -> ConnectorStatus:
        state = self._states.pop(0) if len(self._states) > 1 else self._states[0]
        if state == AWAY:
            raise UnreachableError("connect", "refuses connections")
        task = PartStatus("task 0", state, "connect:8083", "A\nCaused by: B")
        return ConnectorStatus(
            PartStatus("connector", "RUNNING", "connect:8083"), {"0": task} if state else {}
        )


class Clock:
    """Time passes by sleeping alone."""

    now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def outcome(*states: str) -> tuple[bool, str, float]:
    clock = Clock()
    result = restart(clients(connect=InMemoryConnect(states)), clock, clock.sleep)
    return result.ok, result.states, result.took_s


def test_the_parts_and_their_causes() -> None:
    stage = describe(clients(connect=InMemoryConnect(["FAILED"])))
    assert stage.parts == (
        ConnectorPart("connector", "RUNNING", "connect:8083", ""),
        ConnectorPart("task 0", "FAILED", "connect:8083", "B"),
    )


def test_a_restart_that_is_seen() -> None:
    """A moment before it restarts, the task still runs: that is not the outcome."""
    states = "connector RUNNING, task 0 RUNNING"
    assert outcome("RUNNING", "RESTARTING", "RUNNING") == (True, states, 1.0)
    assert outcome("RUNNING", AWAY, "RUNNING") == (True, states, 1.0)
    assert outcome("RUNNING", "", "RUNNING") == (True, states, 1.0), "no task for a moment"


def test_a_restart_that_is_too_quick_to_be_seen() -> None:
    ok, _, took_s = outcome("RUNNING")
    assert (ok, took_s) == (True, 5.5)


@pytest.mark.parametrize(
    ("state", "states"),
    [
        ("FAILED", "connector RUNNING, task 0 FAILED"),
        ("", "connector RUNNING"),
        (AWAY, "connect: refuses connections"),
    ],
)
def test_a_restart_that_does_not_help(state: str, states: str) -> None:
    assert outcome(state) == (False, states, CONFIRMED_S)


def test_a_paused_connector_is_resumed_first() -> None:
    connect = InMemoryConnect(["RUNNING"])
    clock = Clock()
    restart(clients(connect=connect), clock, clock.sleep)
    assert connect.orders == [("PUT", "/resume"), ("POST", "/restart")]


def test_a_restart_that_connect_refuses() -> None:
    with pytest.raises(UnreachableError) as raised:
        restart(clients(connect=InMemoryConnect(["RUNNING"], answer=409)))
    assert str(raised.value) == "connect: answers 409 to the restart (rebalancing)"


def test_the_connectors_of_other_databases_restart_too() -> None:
    connect = InMemoryConnect(["RUNNING"])
    known = clients(connect=connect, databases=lambda: {"shop": None})
    clock = Clock()
    restart(known, clock, clock.sleep)
    assert ("POST", "shop/restart") in connect.orders
    assert [part.database for part in describe(known).parts] == ["", "", "shop", "shop"]
