"""What pages and API work with, one of each in a process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import Request

from contract.errors import UnreachableError
from contract.jobs.job import JobKind
from contract.jobs.json_record import JsonRecord
from contract.kafka.offsets import TopicOffset
from control_center.clients.clients import Clients
from control_center.config import CONNECTOR
from control_center.health import probes
from control_center.health.monitor import HealthMonitor
from control_center.health.stages import connect
from control_center.jobs.runner import Job, Jobs
from control_center.pipeline.dead_letter_replay import DeadLetterReplay
from control_center.pipeline.replay_outcome import ReplayOutcome
from control_center.web.auth.audit import Audit
from control_center.web.auth.roles import Principal, RefusedError
from control_center.web.auth.sessions import COOKIE, Sessions

RESTART = "restart connector"


@dataclass(frozen=True)
class AppContext:
    clients: Clients
    monitor: HealthMonitor
    jobs: Jobs
    sessions: Sessions
    audit: Audit
    replay: DeadLetterReplay

    @classmethod
    def of(cls, clients: Clients, credentials: Iterable[str]) -> AppContext:
        """Over these engines; sessions are signed with what the credentials give."""
        state = clients.settings.state
        return cls(
            clients=clients,
            monitor=HealthMonitor(probes.runner(clients)),
            jobs=Jobs(),
            sessions=Sessions(credentials),
            audit=Audit(state / "audit.jsonl"),
            replay=DeadLetterReplay(clients.replay_log),
        )

    def start(self, principal: Principal, kind: JobKind, request: JsonRecord) -> Job:
        """Starts a job and logs it; raises BusyError."""
        job = self.jobs.start(kind, request)
        self.audit.write(principal, kind.value, job.id)
        return job

    def send_again(
        self, principal: Principal, places: list[TopicOffset] | None, target: str
    ) -> ReplayOutcome:
        """Dead letters (None: all) sent again, and logged; raises UnreachableError."""
        outcome = self.replay.send(self.clients, places)
        how = "failed" if outcome.errors else "done"
        self.audit.write(principal, "send again", target, how, **outcome.to_json())
        return outcome

    def restart_connector(self, principal: Principal) -> connect.Restart:
        """As stages.connector.restart, and logged, also when Connect does not take the order."""
        try:
            done = connect.restart(self.clients)
        except UnreachableError as error:
            self.audit.write(principal, RESTART, CONNECTOR, "failed", cause=str(error))
            raise
        outcome = "done" if done.ok else "failed"
        self.audit.write(principal, RESTART, CONNECTOR, outcome, **done.to_json())
        return done

    def reader(self, request: Request) -> Principal:
        """Whose page this is, looked at anew: a session may have ended since the page was opened.
        Raises RefusedError."""
        principal = self.sessions.read(request.cookies.get(COOKIE))
        if principal is None:
            raise RefusedError("The session is over: log in again.")
        return principal

    def operator(self, request: Request, action: str, target: str = "") -> Principal:
        """As `reader`, for an action that wants the operator's role; a refusal is logged."""
        principal = self.reader(request)
        if not principal.operates:
            self.audit.write(
                principal, action, target, "refused", cause="wants the operator's role"
            )
            raise RefusedError("Only an operator may do this.")
        return principal
