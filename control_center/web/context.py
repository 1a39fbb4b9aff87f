"""The objects that pages and API share; each exists once per process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contract.errors import UnreachableError
from contract.jobs.bench import BenchRequest
from contract.jobs.compare import CompareRequest
from contract.jobs.erase import EraseRequest
from contract.jobs.job import JobKind
from contract.jobs.rebuild import RebuildRequest
from contract.jobs.repair import RepairRequest
from contract.jobs.smoke_test import SmokeTestRequest
from contract.kafka.offsets import TopicOffset
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import CONNECTOR
from control_center.health import probes
from control_center.health.monitor import HealthMonitor
from control_center.health.stages import connect
from control_center.jobs.last_results import LastResults
from control_center.jobs.runner import Job, Jobs
from control_center.pipeline.dead_letter_replay import DeadLetterReplay
from control_center.pipeline.replay_outcome import ReplayOutcome
from control_center.web.auth.audit import Audit
from control_center.web.auth.audit_line import Outcome
from control_center.web.auth.own_host import OwnHost
from control_center.web.auth.roles import Principal
from control_center.web.auth.sessions import Sessions

RESTART = "restart connector"
REPLAY = "send again"
TableRequest = BenchRequest | CompareRequest | EraseRequest | RepairRequest | SmokeTestRequest
JobRequest = TableRequest | RebuildRequest


@dataclass(frozen=True)
class AppContext:
    clients: Clients
    monitor: HealthMonitor
    jobs: Jobs
    sessions: Sessions
    host: OwnHost
    audit: Audit
    replay: DeadLetterReplay

    @classmethod
    def of(cls, clients: Clients, credentials: Iterable[str]) -> AppContext:
        """A context with these clients; sessions are signed with a key made of the credentials, of
        which the API's token is the first."""
        state, credentials = clients.settings.state, list(credentials)
        return cls(
            clients=clients,
            monitor=HealthMonitor(probes.runner(clients)),
            jobs=Jobs(LastResults(state / "job-results")),
            sessions=Sessions(credentials, state / "ended-sessions.json"),
            host=OwnHost(credentials[0]),
            audit=Audit(state / "audit.jsonl"),
            replay=DeadLetterReplay(clients.replay_log),
        )

    def start(self, principal: Principal, kind: JobKind, request: JobRequest) -> Job:
        """Starts a job, and logs it; raises BusyError."""
        job = self.jobs.start(kind, request)
        self.audit.write(principal, kind.value, f"{job.table or 'all tables'} {job.id}")
        return job

    def send_again(
        self, principal: Principal, table: Table, places: list[TopicOffset] | None, target: str
    ) -> ReplayOutcome:
        """Replays dead letters of the table (None: all), and logs it; raises UnreachableError, and
        BusyError while a job runs that excludes it."""
        with self.jobs.replaying(table.name):
            outcome = self.replay.send(self.clients, table, places)
        result = Outcome.FAILED if outcome.errors else Outcome.DONE
        logged = f"{table.name} {target}"
        self.audit.write(principal, REPLAY, logged, result, **outcome.to_json())
        return outcome

    def restart_connector(self, principal: Principal) -> connect.Restart:
        """Restarts connector and task, and logs it, also when Connect does not accept the request;
        raises UnreachableError."""
        try:
            restart = connect.restart(self.clients)
        except UnreachableError as error:
            self.audit.write(principal, RESTART, CONNECTOR, Outcome.FAILED, cause=str(error))
            raise
        outcome = Outcome.DONE if restart.ok else Outcome.FAILED
        self.audit.write(principal, RESTART, CONNECTOR, outcome, **restart.to_json())
        return restart
