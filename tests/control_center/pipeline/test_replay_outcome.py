"""A replay in words and in JSON."""

from __future__ import annotations

from control_center.pipeline.dead_letter import Refusal
from control_center.pipeline.replay_outcome import ReplayOutcome


def test_the_outcome_in_words() -> None:
    assert str(ReplayOutcome(sent=1000)) == "1,000 sent again, 0 were sent before."
    outcome = ReplayOutcome(sent_before=3, too_old=2, errors=["0:1: no leader"])
    assert str(outcome) == "0 sent again, 3 were sent before, 2 are too old; 0:1: no leader."
    outcome = ReplayOutcome(not_held=1, cut=2, without_origin=3)
    assert str(outcome) == (
        "0 sent again, 0 were sent before, 3 name no origin, 2 were too large to be kept in full "
        "(their messages are on the table's topic), 1 are of rows that PostgreSQL does not hold."
    )


def test_each_refusal_has_its_count() -> None:
    outcome = ReplayOutcome()
    for refusal in Refusal:
        outcome.refuse(refusal)
    outcome.refuse(Refusal.CUT)
    assert outcome == ReplayOutcome(too_old=1, without_origin=1, cut=2, erased=1, not_held=1)


def test_the_first_five_errors_are_kept() -> None:
    outcome = ReplayOutcome()
    for number in range(9):
        outcome.fail(str(number))
    assert outcome.errors == ["0", "1", "2", "3", "4"]


def test_json_says_whether_it_succeeded() -> None:
    assert ReplayOutcome(sent=1).to_json() == {
        "sent": 1,
        "sent_before": 0,
        "too_old": 0,
        "without_origin": 0,
        "cut": 0,
        "erased": 0,
        "not_held": 0,
        "errors": [],
        "ok": True,
    }
    assert not ReplayOutcome(errors=["0:1: no leader"]).to_json()["ok"]
