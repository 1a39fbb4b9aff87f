"""The job: asks the connector manager for a new epoch of each database, and waits until Debezium
has read every row in it.

The manager deletes the tables' topics, makes them again, and takes a snapshot. The driver reads a
new topic from its beginning, with a new generation of the checkpoint, and its versions are above
all earlier ones. Rows stay readable in Cassandra all the time. A repair then deletes those that
PostgreSQL does not hold. The job may end at any moment; the next one begins another epoch.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from contract.errors import UnreachableError
from contract.jobs.rebuild import RebuildRequest, RebuildResult
from contract.kafka.capture import REBUILD
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.jobs.compare.reconcile import Clock
from control_center.jobs.rebuild.capture import PlatformCapture, ScanState

PAUSE_S = 2.0
PROGRESS_S = 10.0
# A database whose capture does not advance for this long is reported.
STUCK_S = 600.0


class Capture(Protocol):
    """The calls by which a rebuild acts on capture. Each may raise UnreachableError."""

    def epoch(self, database: str) -> int:
        """The newest that PostgreSQL or Kafka knows; 0 before the first."""
        ...

    def request(self, database: str, after: int, reason: str) -> None:
        """Asks for an epoch newer than `after`, with fresh topics."""
        ...

    def state(self, database: str) -> ScanState: ...


@dataclass
class Wait:
    """The wait for one database. `asked_after`: the epoch before; `state`: the newest that is
    known, since `changed_at`; `cause`: why there is no newer one."""

    asked_after: int
    changed_at: float
    state: ScanState = field(default_factory=ScanState)
    cause: str = ""

    @property
    def is_over(self) -> bool:
        return self.state.epoch > self.asked_after and not self.state.unread

    def update(self, state: ScanState, now: float) -> None:
        if state.continues(self.state):
            self.changed_at = now
        self.state, self.cause = state, ""

    def __str__(self) -> str:
        if self.cause:
            return self.cause
        if self.state.epoch <= self.asked_after:
            return "the connector manager has not begun the new epoch yet: make logs S=connect"
        if self.state.failures:
            cannot = ", ".join(self.state.failures)
            return f"epoch {self.state.epoch}: Debezium cannot read rows of {cannot}"
        unread = ", ".join(self.state.unread)
        return f"epoch {self.state.epoch}: existing rows of {unread} are being read"


def rebuild(request: RebuildRequest) -> RebuildResult:
    """Raises UnreachableError."""
    clients = Clients()
    capture = PlatformCapture(clients)
    return rebuild_databases(capture, sorted({t.database for t in clients.tables().values()}))


def rebuild_databases(
    capture: Capture, databases: Iterable[str], clock: Clock = time
) -> RebuildResult:
    """Waits for all of them; one that is stuck does not delay the others."""
    waits: dict[str, Wait] = {}
    failed: dict[str, str] = {}
    for database in databases:
        try:
            after = capture.epoch(database)
            capture.request(database, after, REBUILD)
        except UnreachableError as error:
            failed[database] = str(error)
            job_protocol.progress(f"{label(database)}: {error}")
            continue
        waits[database] = Wait(after, clock.monotonic())
        job_protocol.progress(f"{label(database)}: asked for an epoch after {after}")
    reported_at = clock.monotonic()
    while unfinished := {name: wait for name, wait in waits.items() if not wait.is_over}:
        now = clock.monotonic()
        if all(now - wait.changed_at > STUCK_S for wait in unfinished.values()):
            break
        if now - reported_at >= PROGRESS_S:
            reported_at = now
            for name, wait in unfinished.items():
                job_protocol.progress(f"{label(name)}: {wait}; {wait.state.messages:,} messages")
        clock.sleep(PAUSE_S)
        for name, wait in unfinished.items():
            _refresh(capture, name, wait, clock)
    return RebuildResult(
        ok=not unfinished and not failed,
        epochs={name: wait.state.epoch for name, wait in waits.items() if wait.is_over},
        waiting=failed | {name: str(wait) for name, wait in unfinished.items()},
        took_s=job_protocol.elapsed_s(),
    )


def _refresh(capture: Capture, name: str, wait: Wait, clock: Clock) -> None:
    try:
        wait.update(capture.state(name), clock.monotonic())
    except UnreachableError as error:
        wait.cause = str(error)
        return
    if wait.is_over:
        job_protocol.progress(
            f"{label(name)}: epoch {wait.state.epoch} has read every row; "
            f"{wait.state.messages:,} messages"
        )


def label(database: str) -> str:
    return f"database {database}" if database else "Riada's PostgreSQL"
