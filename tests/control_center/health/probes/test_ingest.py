"""Ingest: are most of the newest people rejected?"""

from __future__ import annotations

from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from control_center.health.diagnosis import sentence
from control_center.health.probes.ingest import Counts, NewestPeople, evaluate

URL = "http://randomuser:8000/api/"
LOGIN = "login.uuid: missing"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def states(*steps: Counts, every_s: float = 10) -> list[ProbeState]:
    """The probe's state after each step; a step every 10 s."""
    clock = Clock()
    newest = NewestPeople(clock)
    total, answers = Counts(5_000, 3), []
    newest.record(total)
    for step in steps:
        clock.now += every_s
        total = Counts(total.stored + step.stored, total.rejected + step.rejected)
        answers.append(evaluate(total, newest.record(total), LOGIN, URL).state)
    return answers


GOOD, BAD = Counts(10, 0), Counts(0, 10)


def test_it_warns_after_one_page_of_rejects() -> None:
    """The warning also comes after an hour of good people."""
    assert states(*[GOOD] * 360, BAD)[-2:] == [ProbeState.OK, ProbeState.WARN]


def test_it_warns_until_people_are_stored_again() -> None:
    nothing = Counts(0, 0)
    assert states(BAD, nothing, nothing, GOOD) == [ProbeState.WARN] * 3 + [ProbeState.OK]


def test_it_forgets_rejects_of_long_ago() -> None:
    assert states(BAD, *[Counts(0, 0)] * 61)[-1] is ProbeState.OK


def test_one_rejected_person_in_ten_does_not_warn() -> None:
    assert states(*[Counts(9, 1)] * 20) == [ProbeState.OK] * 20


def test_a_few_rejects_do_not_warn() -> None:
    assert states(Counts(0, 5)) == [ProbeState.OK]


def test_pages_of_one_person_add_up() -> None:
    assert states(*[Counts(0, 1)] * 10)[-2:] == [ProbeState.OK, ProbeState.WARN]


def test_a_restart_of_postgresql_counts_from_zero() -> None:
    newest = NewestPeople(Clock())
    newest.record(Counts(5_000, 400))
    assert newest.record(Counts(0, 0)) == Counts(0, 0)


def test_the_sentence_names_source_reason_and_remedy() -> None:
    result = evaluate(Counts(100, 70), Counts(0, 70), LOGIN, URL)
    lag = ProbeResult("lag", ProbeState.OK, "all rows delivered", "spark-driver")
    text = sentence([result, lag])
    assert text.startswith("all rows delivered; randomuser: 70 of the newest 70 people")
    assert all(part in text for part in (URL, LOGIN, "public.rejects"))
