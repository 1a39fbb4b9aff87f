"""Which kinds of work exclude each other."""

from __future__ import annotations

import pytest

from control_center.jobs.conflicts import JOBS, REPLAY, conflict


@pytest.mark.parametrize(
    ("kind", "excludes"),
    [("erase", True), ("repair", True), ("rebuild", True), ("compare", False), ("bench", False)],
)
def test_a_replay_and_a_job(kind: str, excludes: bool) -> None:
    assert bool(conflict(REPLAY, kind)) is excludes
    assert conflict(kind, REPLAY) == conflict(REPLAY, kind)


def test_jobs_exclude_each_other_and_themselves() -> None:
    assert all(conflict(kind, other) for kind in JOBS for other in JOBS)
