"""The manager over a platform in memory, and its rounds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from capture.clients.connector import SNAPSHOT
from capture.manager import Manager
from tests.capture.in_memory import Memory


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def manager(memory: Memory) -> Manager:
    return Manager(
        postgres=memory,
        connect=memory,
        log=memory,
        tables=lambda: memory.tables,
        configuration=lambda epoch, identity, relations: {
            "riada.epoch": str(epoch),
            "riada.system.identifier": identity.system_identifier,
            SNAPSHOT: ",".join(relations),
        },
        is_streamed=lambda _: memory.streams,
        clock=lambda: memory.now,
        report=memory.reports.append,
        database="",
        slot="riada",
    )


@pytest.fixture
def rounds(manager: Manager, memory: Memory) -> Callable[[float], None]:
    """Runs rounds, 5 s apart, for this number of seconds, from the first epoch on."""
    manager.round()
    memory.calls.clear()

    def go_on(seconds: float) -> None:
        until = memory.now + seconds
        while memory.now < until:
            memory.now += 5
            manager.round()

    return go_on
