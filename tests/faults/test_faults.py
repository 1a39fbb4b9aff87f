"""Each fault, while rows flow: the platform recovers by itself, or halts loudly and its remedy
works; every row is what the seed gives, in PostgreSQL and in Cassandra."""

from __future__ import annotations

import pytest

from tests.faults.checker.check import check, delivered, stores
from tests.faults.exercise import Exercise
from tests.faults.nemesis.fault import Fault
from tests.faults.result import Result
from tests.harness.rows import version_of
from tests.harness.settings import FAULT
from tests.harness.workload.table import FILE_WITH_ADDED, NAME

OLDEST = 1  # write timestamp: before every commit
ADDED = 10**15  # a key that the workload does not reach


@pytest.mark.timeout(900)
@pytest.mark.skipif(FAULT not in ("", "*"), reason="FAULT names single faults")
def test_planted_differences_are_found(exercise: Exercise) -> None:
    """A check that cannot fail proves nothing."""
    platform, workload, table = exercise.platform, exercise.workload, exercise.table
    exercise.await_recovered(200)
    other = "UPDATE public.workload SET word = %s WHERE id = %s"
    with delivered(platform, workload, table) as expected:
        clean = stores(platform, table, expected)
        assert clean.is_clean, clean.lines  # a row on its way would overwrite what is planted
        rows = workload.expected().rows.by_key
        hidden, changed, stale, nulled, elsewhere = [key for key in sorted(rows) if key > 0][:5]
        try:
            _plant(exercise, hidden, changed, stale, nulled)
            platform.sql(other, ["changed behind the workload", elsewhere], role="application")
            verdict = stores(platform, table, expected)
        finally:
            platform.sql(other, [rows[elsewhere]["word"], elsewhere], role="application")
            repaired = platform.job("repair", table.name)
    assert (verdict.lost, verdict.wrong) == (2, 5), verdict.lines
    shown = "\n".join(verdict.lines)
    assert f"Cassandra: {hidden}: missing" in shown
    assert f"Cassandra: {changed}: word is 'other'" in shown
    assert f"Cassandra: {stale}: step is -1" in shown
    assert f"Cassandra: {nulled}: flag is None" in shown
    assert f"Cassandra: {ADDED}: unexpected" in shown
    assert f"PostgreSQL: {elsewhere}: word is 'changed behind the workload'" in shown

    assert repaired["ok"], repaired
    after = check(platform, workload, table)
    assert (after.lost, after.wrong) == (0, 0), after.lines


def _plant(exercise: Exercise, hidden: int, changed: int, stale: int, nulled: int) -> None:
    """In Cassandra, with write timestamps that no change of these rows overwrites."""
    platform, table = exercise.platform, exercise.table
    with platform.cassandra("spark") as session:
        later = {
            key: version_of(platform, table, str(key)) + 1
            for key in (hidden, changed, stale, nulled)
        }
        update = "UPDATE workload USING TIMESTAMP"
        session.execute(f"DELETE FROM workload USING TIMESTAMP {later[hidden]} WHERE id = {hidden}")
        session.execute(f"{update} {later[changed]} SET word = 'other' WHERE id = {changed}")
        session.execute(f"{update} {later[stale]} SET step = -1 WHERE id = {stale}")
        session.execute(f"{update} {later[nulled]} SET flag = null WHERE id = {nulled}")
        session.execute(
            f"INSERT INTO workload (id, step) VALUES ({ADDED}, 1) USING TIMESTAMP {OLDEST}"
        )


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
