"""The epoch of capture: was everything compared since the last snapshot of PostgreSQL?"""

from __future__ import annotations

import psycopg2

from control_center.clients.clients import Engines
from control_center.clients.postgres import cause
from control_center.health.result import Result, State
from control_center.pipeline import verified

NAME = "capture"
COMPONENT = "connect"
FIRST = 1
"""The first epoch finds Cassandra empty: there is nothing to compare."""


def probe(engines: Engines) -> Result:
    try:
        current = verified.current(engines)
    except psycopg2.Error as error:
        return Result(NAME, State.FAIL, f"unknown: PostgreSQL {cause(error)}", "postgres")
    return judge(current, verified.read(engines))


def judge(current: tuple[int, str, str] | None, verified_epoch: int) -> Result:
    """A snapshot brings every row that PostgreSQL holds, and does not show rows that are gone."""
    if current is None:
        summary = "nothing is captured yet: the connector manager begins with the first snapshot"
        return Result(NAME, State.WARN, summary, COMPONENT)
    epoch, reason, began_at = current
    evidence = {
        "epoch": epoch,
        "reason": reason,
        "began_at": began_at,
        "verified_epoch": verified_epoch,
    }
    if epoch > max(FIRST, verified_epoch):
        summary = (
            f"epoch {epoch} began {began_at}: {reason}. Every row was sent again; rows that were "
            "deleted before it may still be in Cassandra: make repair"
        )
        return Result(NAME, State.WARN, summary, COMPONENT, evidence)
    return Result(NAME, State.OK, f"epoch {epoch} since {began_at}", COMPONENT, evidence)
