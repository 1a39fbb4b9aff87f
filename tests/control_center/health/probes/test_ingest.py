"""What becomes of the people that the source gives: a verdict on the newest ones."""

from __future__ import annotations

import json

import pytest

from control_center.health.diagnosis import sentence
from control_center.health.probes import ingest, randomuser
from control_center.health.probes.ingest import Counts, Newest
from control_center.health.result import ProbeResult, ProbeState

URL = "http://randomuser:8000/api/"
LOGIN = "login.uuid: missing"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def states(*steps: Counts, every_s: float = 10) -> list[ProbeState]:
    """What the probe answers after each step, from the first one on; one every 10 s."""
    clock = Clock()
    newest = Newest(clock)
    total, found = Counts(5_000, 3), []
    newest.take(total)
    for step in steps:
        clock.now += every_s
        total = Counts(total.stored + step.stored, total.rejected + step.rejected)
        found.append(ingest.evaluate(total, newest.take(total), LOGIN, URL).state)
    return found


GOOD, BAD = Counts(10, 0), Counts(0, 10)


def test_it_warns_after_one_page_of_rejects() -> None:
    """After an hour of good ones as well."""
    assert states(*[GOOD] * 360, BAD)[-2:] == [ProbeState.OK, ProbeState.WARN]


def test_it_warns_until_people_are_stored_again() -> None:
    nothing = Counts(0, 0)
    assert states(BAD, nothing, nothing, GOOD) == [ProbeState.WARN] * 3 + [ProbeState.OK]


def test_it_forgets_rejects_of_long_ago() -> None:
    assert states(BAD, *[Counts(0, 0)] * 61)[-1] is ProbeState.OK


def test_one_person_in_ten_is_no_warning() -> None:
    assert states(*[Counts(9, 1)] * 20) == [ProbeState.OK] * 20


def test_a_few_rejects_are_no_warning() -> None:
    assert states(Counts(0, 5)) == [ProbeState.OK]


def test_pages_of_one_person_add_up() -> None:
    assert states(*[Counts(0, 1)] * 10)[-2:] == [ProbeState.OK, ProbeState.WARN]


def test_a_restart_of_postgresql_counts_from_nothing() -> None:
    newest = Newest(Clock())
    newest.take(Counts(5_000, 400))
    assert newest.take(Counts(0, 0)) == Counts(0, 0)


def test_the_sentence_names_source_reason_and_remedy() -> None:
    found = ingest.evaluate(Counts(100, 70), Counts(0, 70), LOGIN, URL)
    lag = ProbeResult("lag", ProbeState.OK, "all rows delivered", "spark-driver")
    text = sentence([found, lag])
    assert text.startswith("all rows delivered; randomuser: 70 of the newest 70 people")
    assert all(part in text for part in (URL, LOGIN, "public.rejects"))


# --- the source itself ----------------------------------------------------------------------------


def test_a_source_with_people() -> None:
    body = json.dumps({"results": [{"nat": "DE"}], "info": {}}).encode()
    assert randomuser.evaluate(200, body, URL).state is ProbeState.OK


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, b'{"results": [], "info": {"results": 0}}', "answers 200 and no people"),
        (200, b'{"error": "no results"}', "another format"),
        (200, b'{"results": {"nat": "DE"}}', "another format"),
        (200, b'{"results": ["DE"]}', "another format"),
        (200, b'["results"]', "another format"),
        (200, b'<html>"results"</html>', "another format"),
        (200, b"[" * 100_000, "another format"),
        (403, b'{"results": []}', "answers 403 without people"),
    ],
)
def test_a_source_without_people_is_red_and_named(status: int, body: bytes, words: str) -> None:
    found = randomuser.evaluate(status, body, URL)
    assert found.state is ProbeState.FAIL
    assert words in found.summary
    assert URL in found.summary
