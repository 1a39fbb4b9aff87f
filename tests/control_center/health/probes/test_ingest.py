"""Ingest: are most of the newest rows of a source rejected?"""

from __future__ import annotations

from contract.health.details.ingest import TableIngest
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from control_center.health.diagnosis import sentence
from control_center.health.probes.ingest import Counts, NewestRows, Rejects, evaluate

LOGIN = "login.uuid: missing"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def table(total: Counts, newest: Counts) -> TableIngest:
    return TableIngest(total.stored, total.rejected, newest.stored, newest.rejected, LOGIN)


def states(*steps: Counts, every_s: float = 10) -> list[ProbeState]:
    """The probe's state after each step; a step every 10 s."""
    clock = Clock()
    newest = NewestRows(clock)
    total, answers = Counts(5_000, 3), []
    newest.record(total)
    for step in steps:
        clock.now += every_s
        total = Counts(total.stored + step.stored, total.rejected + step.rejected)
        answers.append(evaluate({"users": table(total, newest.record(total))}).state)
    return answers


GOOD, BAD = Counts(10, 0), Counts(0, 10)


def test_it_warns_after_one_page_of_rejects() -> None:
    """The warning also comes after an hour of good rows."""
    assert states(*[GOOD] * 360, BAD)[-2:] == [ProbeState.OK, ProbeState.WARN]


def test_it_warns_until_rows_are_stored_again() -> None:
    nothing = Counts(0, 0)
    assert states(BAD, nothing, nothing, GOOD) == [ProbeState.WARN] * 3 + [ProbeState.OK]


def test_it_forgets_rejects_of_long_ago() -> None:
    assert states(BAD, *[Counts(0, 0)] * 61)[-1] is ProbeState.OK


def test_one_rejected_row_in_ten_does_not_warn() -> None:
    assert states(*[Counts(9, 1)] * 20) == [ProbeState.OK] * 20


def test_a_few_rejects_do_not_warn() -> None:
    assert states(Counts(0, 5)) == [ProbeState.OK]


def test_pages_of_one_row_add_up() -> None:
    assert states(*[Counts(0, 1)] * 10)[-2:] == [ProbeState.OK, ProbeState.WARN]


def test_a_restart_of_postgresql_counts_from_zero() -> None:
    newest = NewestRows(Clock())
    newest.record(Counts(5_000, 400))
    assert newest.record(Counts(0, 0)) == Counts(0, 0)


def test_the_sentence_names_table_reason_and_remedy() -> None:
    tables = {
        "users": table(Counts(100, 70), Counts(0, 70)),
        "clicks": table(Counts(100, 0), Counts(10, 0)),
    }
    lag = ProbeResult("lag", ProbeState.OK, "all rows delivered", "spark-driver")
    text = sentence([evaluate(tables), lag])
    assert text.startswith(
        "all rows delivered; airflow-scheduler: users rejects 70 of the newest 70 rows"
    )
    assert all(part in text for part in (LOGIN, "riada.rejects", "1 other table stores their rows"))


def test_no_table_has_a_source() -> None:
    result = evaluate({})
    assert (result.state, result.summary) == (ProbeState.OK, "no table has a source")


def test_each_reject_is_counted_once() -> None:
    rejects = Rejects()
    rejects.add([("users", 3, 17, "a"), ("clicks", 1, 14, "b")])
    assert rejects.newest_id == 17
    rejects.add([("users", 2, 19, "c")])
    assert rejects.counts == {"users": 5, "clicks": 1}
    assert rejects.reasons == {"users": "c", "clicks": "b"}
    assert rejects.newest_id == 19


def test_rejects_of_before_the_start_are_not_counted() -> None:
    """The summary counts since the start; the newest reason is known nevertheless."""
    rejects = Rejects()
    rejects.add([("users", 3, 17, "a")], before_start=True)
    assert (rejects.counts, rejects.reasons, rejects.newest_id) == ({}, {"users": "a"}, 17)
    rejects.add([("users", 2, 19, "c")])
    assert rejects.counts == {"users": 2}
