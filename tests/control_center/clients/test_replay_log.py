"""Dead letters that were sent again are known to the next process."""

from __future__ import annotations

from pathlib import Path

from control_center.clients.replay_log import ReplayLog


def test_what_was_sent_is_known_to_the_next_process(tmp_path: Path) -> None:
    file = tmp_path / "state" / "sent.jsonl"
    ReplayLog(file).add([(0, 1), (0, 2)])
    with file.open("a") as kept:
        kept.write("[0, ")
    again = ReplayLog(file)
    assert (0, 2) in again
    assert (0, 3) not in again
    assert again.among({0: (2, 9)}) == 1
