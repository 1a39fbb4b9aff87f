"""What must not run at the same time."""

from __future__ import annotations

from itertools import combinations_with_replacement

from contract.jobs.job import JobKind

REPLAY = "replay of dead letters"
# The kinds of work: jobs, by their value, and the replay, which is not one.
JOBS = tuple(kind.value for kind in JobKind)
# Pair of kinds → why, as the end of a sentence.
CONFLICTS = {
    **{
        frozenset(pair): "jobs share the Control Center's memory, so they run one at a time"
        for pair in combinations_with_replacement(JOBS, 2)
    },
    frozenset((REPLAY, JobKind.ERASE.value)): "a replay could bring the erased row back",
    frozenset((REPLAY, JobKind.REBUILD.value)): "a rebuild makes the topics again",
    frozenset((REPLAY, JobKind.REPAIR.value)): "a repair would count replayed rows as different",
}


def conflict(kind: str, other: str) -> str:
    """Why the two must not run at the same time; "" if they may."""
    return CONFLICTS.get(frozenset((kind, other)), "")
