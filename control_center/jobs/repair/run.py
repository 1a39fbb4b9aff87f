"""The repair: PostgreSQL writes again what differs, and the pipeline carries it.

Nothing is written past PostgreSQL's log, so order stays the commit order (invariant 3) and whoever
reads the topic sees the same as Cassandra. Repaired once, it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from control_center.clients.clients import Clients
from control_center.jobs import protocol
from control_center.jobs.compare.reconcile import Examination, examine, settle
from control_center.jobs.compare.run import verdict
from control_center.jobs.repair import source

TRANSACTION = 500


def repair() -> dict[str, Any]:
    """{ok, sent_again, erased, outside_domain, …} and what `compare` tells about the time after."""
    clients = Clients()
    done: dict[str, int] = {}
    result = verdict(clients, partial(_make_equal, done=done))
    return done | result


def _make_equal(clients: Clients, done: dict[str, int]) -> Examination:
    found = examine(clients)
    replay_log = erased = outside_domain = 0
    with clients.postgres("ingest", statement_timeout_s=60) as connection:
        for keys in _slices(sorted(found.unequal)):
            there, outside = source.send_again(connection, keys)
            replay_log += len(there - outside)
            outside_domain += len(outside)
            erased += source.erase(connection, [key for key in keys if key not in there])
            protocol.progress(f"sent again: {replay_log:,}, erased: {erased:,}")
    settle(clients, found)
    done |= {"sent_again": replay_log, "erased": erased, "outside_domain": outside_domain}
    return found


def _slices(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(keys), TRANSACTION):
        yield keys[first : first + TRANSACTION]
