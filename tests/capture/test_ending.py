"""The end of the capture of a database, and its return."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from capture.clients.server import Server
from capture.clients.source import UnavailableError
from capture.databases.ending import end
from capture.manager import Manager
from contract.kafka.capture import State
from tests.capture.in_memory import Memory

SHOP = Server("shop", "db.example", 5433, "shop", "riada", "database-shop", "riada_shop", {})
Rounds = Callable[[float], None]


def finish(memory: Memory, servers: list[Server]) -> bool:
    def postgres(server: Server) -> Memory:
        servers.append(server)
        return memory

    return end(memory, memory, postgres)


@pytest.fixture
def captured(memory: Memory, rounds: Rounds) -> Memory:
    rounds(30)
    memory.config = {"name": "riada-shop", **SHOP.settings(), "riada.epoch": "1"}
    memory.calls.clear()
    return memory


def test_the_slot_goes_before_the_connector(captured: Memory) -> None:
    servers: list[Server] = []
    assert finish(captured, servers)
    assert captured.calls == ["publish", "stop", "delete_offsets", "drop_slot", "delete"]
    assert captured.records[-1].state is State.ENDED
    assert servers == [SHOP]
    assert not finish(captured, servers)


@pytest.mark.parametrize("step", ["publish", "stop", "delete_offsets", "drop_slot", "delete"])
def test_an_interrupted_end_is_repeated(captured: Memory, step: str) -> None:
    captured.failing = step
    with pytest.raises(UnavailableError):
        finish(captured, [])
    assert captured.config is not None
    assert finish(captured, [])
    assert captured.config is None and captured.source.slot is None
    assert captured.records[-1].state is State.ENDED


def test_a_slot_that_stays_is_named_with_the_remedy(captured: Memory) -> None:
    captured.failing = "drop_slot"
    with pytest.raises(UnavailableError, match=r"db\.example:5433.*drop_replication_slot"):
        finish(captured, [])


@pytest.mark.parametrize("step", ["", "drop_slot"])
def test_a_database_that_comes_back_begins_an_epoch(
    captured: Memory, manager: Manager, step: str
) -> None:
    captured.failing = step
    if step:
        with pytest.raises(UnavailableError):
            finish(captured, [])
    else:
        finish(captured, [])
    captured.now += 60
    manager.round()
    assert captured.records[-1].state is State.CAPTURING and captured.epoch == 2
    assert "delivered again" in captured.records[-1].reason
    assert captured.config is not None


def test_another_slot_replaces_the_one_before(
    captured: Memory, manager: Manager, rounds: Rounds
) -> None:
    """PostgreSQL would keep WAL for it."""
    manager.slot = "other"
    rounds(60)
    assert captured.epoch == 2
    assert captured.slots[-2:] == ["", "riada_shop"]
