"""What pages and API work with, one of each in a process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from control_center.clients.clients import Engines
from control_center.clients.liveness import UnreachableError
from control_center.config import CONNECTOR
from control_center.health.monitor import Watch
from control_center.health.runner import Runner
from control_center.health.stages import connect
from control_center.jobs.runner import Job, Jobs
from control_center.pipeline.dead_letter_replay import Outcome, Place, Resend
from control_center.web.auth.audit import Audit
from control_center.web.auth.roles import RefusedError, Who
from control_center.web.auth.sessions import COOKIE, Sessions

RESTART = "restart connector"


@dataclass(frozen=True)
class Desk:
    engines: Engines
    watch: Watch
    jobs: Jobs
    sessions: Sessions
    audit: Audit
    resend: Resend

    @classmethod
    def of(cls, engines: Engines, credentials: Iterable[str]) -> Desk:
        """Over these engines; sessions are signed with what the credentials give."""
        state = engines.settings.state
        return cls(
            engines=engines,
            watch=Watch(Runner(engines)),
            jobs=Jobs(),
            sessions=Sessions(credentials),
            audit=Audit(state / "audit.jsonl"),
            resend=Resend(engines.sent_again),
        )

    def start(self, who: Who, kind: str, arguments: dict[str, Any]) -> Job:
        """A job that is begun, and logged; raises BusyError."""
        job = self.jobs.start(kind, arguments)
        self.audit.write(who, kind, job.id)
        return job

    def send_again(self, who: Who, places: list[Place] | None, target: str) -> Outcome:
        """Dead letters (None: all) sent again, and logged; raises UnreachableError."""
        outcome = self.resend.send(self.engines, places)
        how = "failed" if outcome.errors else "done"
        self.audit.write(who, "send again", target, how, **outcome.as_json())
        return outcome

    def restart_connector(self, who: Who) -> dict[str, Any]:
        """As stages.connector.restart, and logged, also when Connect does not take the order."""
        try:
            done = connect.restart(self.engines)
        except UnreachableError as error:
            self.audit.write(who, RESTART, CONNECTOR, "failed", cause=str(error))
            raise
        self.audit.write(who, RESTART, CONNECTOR, "done" if done["ok"] else "failed", **done)
        return done

    def reader(self, request: Request) -> Who:
        """Whose page this is, looked at anew: a session may have ended since the page was opened.
        Raises RefusedError."""
        who = self.sessions.read(request.cookies.get(COOKIE))
        if who is None:
            raise RefusedError("The session is over: log in again.")
        return who

    def operator(self, request: Request, action: str, target: str = "") -> Who:
        """As `reader`, for an action that wants the operator's role; a refusal is logged."""
        who = self.reader(request)
        if not who.operates:
            self.audit.write(who, action, target, "refused", cause="wants the operator's role")
            raise RefusedError("Only an operator may do this.")
        return who
