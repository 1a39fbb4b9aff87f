"""Which letters may be sent again, and that none is sent twice."""

from __future__ import annotations

from pathlib import Path

from control_center.resend import Outcome
from control_center.sent_again import SentAgain


def test_what_was_sent_is_known_to_the_next_process(tmp_path: Path) -> None:
    file = tmp_path / "state" / "sent.jsonl"
    SentAgain(file).add([(0, 1), (0, 2)])
    with file.open("a") as kept:
        kept.write("[0, ")
    again = SentAgain(file)
    assert (0, 2) in again
    assert (0, 3) not in again
    assert again.among({0: (2, 9)}) == 1


def test_the_outcome_in_words() -> None:
    assert str(Outcome(sent=1000)) == "1,000 sent again, 0 were sent before."
    told = str(Outcome(sent_before=3, too_old=2, errors=["0:1: no leader"]))
    assert told == "0 sent again, 3 were sent before, 2 are too old; 0:1: no leader."
