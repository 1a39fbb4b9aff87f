"""An epoch that an operator asks for, with topics that are made again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from capture.clients.connect import Run
from capture.clients.source import Identity, UnavailableError
from capture.manager import Manager
from contract.kafka.capture import REBUILD, EpochRequest, State
from tests.capture.in_memory import Memory
from tests.capture.test_manager import BEGIN, Rounds


def test_an_operator_asks_for_an_epoch_once(rounds: Rounds, memory: Memory) -> None:
    rounds(60)
    memory.request = EpochRequest(1, "an operator asked for it")
    rounds(120)
    assert memory.epoch == 2


def test_a_requested_epoch_does_not_wait_for_the_pause_after_the_last_one(
    rounds: Rounds, memory: Memory
) -> None:
    rounds(60)
    for epoch in (1, 2, 3):
        memory.request = EpochRequest(epoch, "an operator asked for it")
        rounds(5)
        assert memory.epoch == epoch + 1


def test_topics_are_made_again_while_the_connector_stands_still(
    rounds: Rounds, memory: Memory
) -> None:
    rounds(60)
    memory.calls.clear()
    before = memory.records[-1].tables["users"].topic_id
    memory.request = EpochRequest(1, "an operator asked for it", fresh_topics=True)
    rounds(5)
    assert memory.calls == ["check_deletable", "stop", "delete_events", *BEGIN]
    assert memory.records[-1].tables["users"].topic_id not in ("", before)


@pytest.mark.parametrize("step", ["check_deletable", "stop", "delete_events", *BEGIN])
def test_an_interrupted_request_is_carried_out(
    rounds: Rounds, memory: Memory, manager: Manager, step: str
) -> None:
    rounds(60)
    before = memory.records[-1].tables["users"].topic_id
    memory.request = EpochRequest(1, "an operator asked for it", fresh_topics=True)
    memory.failing = step
    with pytest.raises(UnavailableError):
        manager.round()
    rounds(60)
    assert memory.records[-1].tables["users"].topic_id != before
    assert memory.records[-1].state is State.CAPTURING
    assert memory.calls.count("delete_events") <= 2
    epoch = memory.epoch
    rounds(1200)
    assert memory.epoch == epoch


def test_capture_goes_on_while_a_broker_is_absent(rounds: Rounds, memory: Memory) -> None:
    rounds(60)
    memory.calls.clear()
    memory.request = EpochRequest(1, "an operator asked for it", fresh_topics=True)
    memory.failing = "check_deletable"
    with pytest.raises(UnavailableError):
        rounds(5)
    assert memory.calls == ["check_deletable"]
    assert memory.status_.run is Run.RUNNING


def test_a_request_comes_before_other_reasons(rounds: Rounds, memory: Memory) -> None:
    """The driver drops a table that cannot fit only in an epoch with this reason."""
    rounds(60)
    memory.source = replace(memory.source, identity=Identity("7001", "00000002"))
    memory.request = EpochRequest(1, REBUILD, fresh_topics=True)
    rounds(5)
    assert (memory.epoch, memory.records[-1].reason) == (2, REBUILD)
