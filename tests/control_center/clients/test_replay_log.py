"""Dead letters that were sent again are known to the next process."""

from __future__ import annotations

from pathlib import Path

from contract.kafka.offsets import TopicOffset
from control_center.clients.replay_log import ReplayLog
from tests.control_center.in_memory_clients import InMemoryClients
from tests.control_center.sample_tables import USERS


def test_the_next_process_knows_the_sent_offsets(tmp_path: Path) -> None:
    file = tmp_path / "state" / "sent.jsonl"
    ReplayLog(file).add([TopicOffset(0, 1), TopicOffset(0, 2)])
    with file.open("a") as kept:
        kept.write("[0, ")
    again = ReplayLog(file)
    assert TopicOffset(0, 2) in again
    assert TopicOffset(0, 3) not in again
    assert again.among({0: (2, 9)}) == 1


def test_a_line_that_a_kill_cut_off_does_not_swallow_the_next(tmp_path: Path) -> None:
    file = tmp_path / "sent.jsonl"
    file.write_text("[0, 1]\n[0, ")
    ReplayLog(file).add([TopicOffset(0, 2)])
    log = ReplayLog(file)
    assert TopicOffset(0, 1) in log
    assert TopicOffset(0, 2) in log


def test_copies_are_counted_and_a_line_of_another_process_is_seen(tmp_path: Path) -> None:
    clients, other = InMemoryClients(tmp_path), InMemoryClients(tmp_path)
    log = clients.replay_log(USERS)
    assert (log.copies, clients.replay_log(USERS) is log) == (0, True)
    log.add([TopicOffset(0, 1)])
    assert clients.replay_log(USERS) is log
    other.replay_log(USERS).add_copies(3)
    other.replay_log(USERS).add_copies(4)
    other.replay_log(USERS).add([TopicOffset(0, 7)])
    again = clients.replay_log(USERS)
    assert again.copies == 7
    assert TopicOffset(0, 1) in again
    assert TopicOffset(0, 7) in again
