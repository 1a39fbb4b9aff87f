"""Each fault, while rows flow: the platform recovers by itself, or halts loudly and its remedy
works; every row is what the seed gives, in PostgreSQL and in Cassandra."""

from __future__ import annotations

import pytest

from tests.faults.exercise import Exercise
from tests.faults.nemesis.fault import Fault
from tests.faults.result import Result


@pytest.mark.timeout(2400)
def test_fault(exercise: Exercise, results: list[Result], fault: Fault) -> None:
    if reason := fault.unsupported(exercise.platform):
        pytest.skip(f"{fault.name}: {reason}")
    result = exercise.run(fault)
    results.append(result)
    print(f"\n{result}", flush=True)
    assert not result.failure, result.failure
    assert (result.lost, result.wrong) == (0, 0)
