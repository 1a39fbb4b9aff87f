"""Each fault, while rows flow: the platform recovers by itself, or halts loudly and its remedy
works; every row is what the seed gives, in PostgreSQL and in Cassandra."""

from __future__ import annotations

import pytest

from tests.faults.checker.check import check
from tests.faults.exercise import Exercise
from tests.faults.nemesis.fault import Fault
from tests.faults.result import Result
from tests.harness.settings import FAULT
from tests.harness.workload.table import FILE_WITH_ADDED, NAME


@pytest.mark.timeout(2400)
def test_fault(exercise: Exercise, results: list[Result], fault: Fault) -> None:
    if reason := fault.unsupported(exercise.platform):
        pytest.skip(f"{fault.name}: {reason}")
    exercise.prepare()
    result = exercise.run(fault)
    results.append(result)
    print(f"\n{result}", flush=True)
    assert not result.failure, result.failure
    assert (result.lost, result.wrong) == (0, 0)


@pytest.mark.timeout(1200)
@pytest.mark.skipif(FAULT != "*", reason="tests/tables/test_live.py adds a column in `make test`")
def test_a_column_is_added(exercise: Exercise) -> None:
    """The last test: later ones would need the other table."""
    table = exercise.copy.put(NAME, FILE_WITH_ADDED)
    exercise.copy.deploy()
    exercise.table = table
    exercise.workload.add_column()
    exercise.await_recovered(exercise.workload.status.steps + 200)
    verdict = check(exercise.platform, exercise.workload, table)
    assert verdict.is_clean, verdict.lines
