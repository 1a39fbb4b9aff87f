"""Claims wait for the rows that were suspect when they were made."""

from __future__ import annotations

from dataclasses import replace

from control_center.jobs.verification.claims import Claims
from control_center.jobs.verification.position import Position
from control_center.jobs.verification.stores import Snapshot


def claims(*suspects: str) -> Claims:
    beginning = Position.beginning("i", Snapshot(1, 2, 3.0, 4))
    return Claims(replace(beginning, suspects=suspects))


def claim(to: Claims, block: int) -> None:
    to.claim(lambda at: replace(at, next_block=block))


def test_a_claim_without_suspects_holds_at_once() -> None:
    known = claims()
    claim(known, 1)
    assert known.position.next_block == 1


def test_a_claim_waits_for_earlier_suspects_only() -> None:
    known = claims()
    known.suspect(["a"], 1.0)
    claim(known, 1)
    known.suspect(["b"], 2.0)
    claim(known, 2)
    assert (known.position.next_block, known.suspects, known.waiting) == (0, 2, 2)
    known.clear(["b"])
    assert known.position.next_block == 0
    known.suspect(["c"], 3.0)
    known.clear(["a"])
    assert known.position.next_block == 2
    assert known.position.suspects == ("c",)


def test_suspects_of_a_former_process_hold_claims_up() -> None:
    known = claims("a")
    claim(known, 1)
    assert known.position.next_block == 0
    assert known.oldest(5, until=0.0) == ["a"]


def test_oldest_leaves_out_those_that_were_found_just_now() -> None:
    known = claims()
    known.suspect(["a", "b"], 1.0)
    known.suspect(["c"], 5.0)
    assert known.oldest(5, until=4.0) == ["a", "b"]
    assert known.oldest(1, until=9.0) == ["a"]


def test_a_superseded_row_that_was_suspected_again_stays() -> None:
    """The round says nothing about changes after its barrier."""
    known = claims()
    known.suspect(["a"], 1.0)
    claim(known, 1)
    known.suspect(["a"], 1.5)  # before the round, which answers it too
    known.begin(["a"])
    known.suspect(["a"], 2.0)
    claim(known, 2)
    known.supersede(["a"])
    assert known.position.next_block == 1
    assert known.position.suspects == ("a",)
    known.begin(["a"])
    known.supersede(["a"])
    assert known.position.next_block == 2
    assert known.suspects == 0


def test_a_row_that_is_settled_answers_every_suspicion() -> None:
    known = claims()
    known.suspect(["a"], 1.0)
    known.begin(["a"])
    known.suspect(["a"], 2.0)
    claim(known, 1)
    known.clear(["a"])
    assert known.position.next_block == 1
