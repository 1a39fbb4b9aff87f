"""Queries without messages are parked, but a few run on."""

from __future__ import annotations

from riada_stream.driver.parking import IDLE_S, KEPT, Parking


def test_only_the_queries_above_the_number_that_is_kept_are_parked() -> None:
    parking = Parking()
    names = [f"t{number}" for number in range(KEPT + 2)]
    for name in names:
        parking.runs(name)
    parked = [name for name in names if parking.may_park(name, IDLE_S + 1)]
    assert parked == names[:2]
    parking.runs(names[0])
    assert parking.may_park(names[-1], IDLE_S + 1)


def test_a_busy_query_is_not_parked() -> None:
    parking = Parking()
    for number in range(KEPT + 2):
        parking.runs(f"t{number}")
    assert not parking.may_park("t0", IDLE_S - 1)


def test_a_query_that_ended_does_not_count() -> None:
    parking = Parking()
    for number in range(KEPT + 1):
        parking.runs(f"t{number}")
    parking.ended("t1")
    assert not parking.may_park("t0", IDLE_S + 1)
