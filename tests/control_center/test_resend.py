"""Which letters may be sent again, and that none is sent twice."""

from __future__ import annotations

from pathlib import Path

from control_center.resend import Outcome, Resend


def test_what_was_sent_is_known_to_the_next_process(tmp_path: Path) -> None:
    file = tmp_path / "state" / "sent.jsonl"
    Resend(file)._remember([(0, 1), (0, 2)])
    with file.open("a") as kept:
        kept.write("[0, ")
    again = Resend(file)
    assert again.was_sent((0, 2))
    assert not again.was_sent((0, 3))


def test_the_outcome_in_words() -> None:
    assert str(Outcome(sent=1000)) == "1,000 sent again, 0 were sent before."
    told = str(Outcome(sent_before=3, too_old=2, errors=["0:1: no leader"]))
    assert told == "0 sent again, 3 were sent before, 2 are too old; 0:1: no leader."
