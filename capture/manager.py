"""One round of a manager: it compares the connector of a database with its configuration and takes
the next step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import NoReturn
from uuid import uuid4

from capture import history
from capture.clients.connect import Connect, Run, Status
from capture.clients.connector import SNAPSHOT
from capture.clients.log import Log
from capture.clients.postgres import Postgres
from capture.clients.source import Identity, Source, UnavailableError
from capture.restarts import Backoff
from capture.rows.requests import RowRequests, with_oids
from capture.rows.tables import IsStreamed, Tables, relation, topics
from contract.kafka.capture import Capture, EpochRequest, Progress, State
from contract.stores.postgres.publication import PUBLICATION

# The connector's settings.
Configuration = dict[str, str]

# The Control Center reports a stuck task after 20 s. A restart interrupts delivery for a moment.
STUCK_S = 60.0
# After a cut between Connect and Kafka, the status of a part that runs may stay UNASSIGNED.
PARTIAL_S = 30.0
MARK_S = 10.0
# A broker that has just started may not know its topics yet.
MISSING_S = 15.0
SLOT_NAME = "slot.name"
# In the task's trace (docker/connect/task) the cause follows this text.
EPOCH_REQUIRED = "riada.connect.NewEpochRequired: "
# The slot decodes with the catalogue at its position, even after the publication was made again.
NO_PUBLICATION = f'publication "{PUBLICATION}" does not exist'


class TopicsMissingError(Exception):
    """Topics were deleted while the worker was running. It makes them only at its start."""


def now_iso() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


@dataclass
class Manager:
    """`database`: "" for the platform's own; `slot`: its replication slot. `tables` are those of
    the deployed release in this database. `configuration` renders the connector's settings for an
    epoch of a history, and the relations that its snapshot reads; `clock` is monotonic."""

    postgres: Postgres
    connect: Connect
    log: Log
    tables: Callable[[], Tables]
    is_streamed: IsStreamed
    configuration: Callable[[int, Identity, Iterable[str]], Configuration]
    clock: Callable[[], float]
    report: Callable[[str], None]
    database: str
    slot: str
    _restarts: Backoff = field(default_factory=lambda: Backoff(5, 60))
    _epochs: Backoff = field(default_factory=lambda: Backoff(30, 600))
    _progress: Progress = field(default_factory=Progress)
    _marked: float = float("-inf")
    _missing_since: float | None = None
    _partial_since: float | None = None
    _reported: str = ""
    _alone: bool = False

    def __post_init__(self) -> None:
        self._rows = RowRequests(self.postgres, self.log, self.is_streamed, self.clock, self.report)

    def round(self) -> None:
        """Takes the next step. Raises UnavailableError when PostgreSQL, Kafka or the worker does
        not answer, and TopicsMissingError."""
        self.log.begin_round()
        if missing := self.log.missing(()):  # without them there is nothing to read
            self._wait_for(missing)
        source, captured = self.postgres.read_source(), self.log.newest()
        tables = self._rows.published(source, self.tables())
        self._check_topics(captured, tables)
        self._delete_unknown()
        present, status = self.connect.configuration(), self.connect.status()
        if not tables and captured is None:
            self._report_once("waits for the first table: make deploy-dags brings it")
            return
        if reason := self._epoch_reason(source, captured, present, status):
            self._begin_epoch(reason, source, captured, present, tables)
            return
        assert captured is not None
        self._configure(captured, present)
        if status.run is Run.FAILED:
            self._restart_failed(status)
        elif self._stays_partial(status):
            self.report(f"restarts the connector: a part of it has no worker for {PARTIAL_S:.0f} s")
            self.connect.restart(only_failed=False)
        else:
            self._restart_stuck(source, captured, status)
        self._mark(self._rows.follow(captured, source, tables), source)

    def _check_topics(self, captured: Capture | None, tables: Tables) -> None:
        missing = self.log.missing(topics(captured, tables, self.database))
        if not missing:
            self._missing_since = None
            return
        self._wait_for(missing)

    def _wait_for(self, missing: list[str]) -> NoReturn:
        if self._missing_since is None:
            self._missing_since = self.clock()
        names = ", ".join(missing)
        if self.clock() - self._missing_since >= MISSING_S:
            raise TopicsMissingError(names)
        raise UnavailableError(f"Kafka: topics are missing: {names}")

    def _delete_unknown(self) -> None:
        if self._alone or self.database:
            return
        if names := self.connect.delete_unknown():
            self.report(f"deleted connectors of an earlier release: {', '.join(names)}")
        self._alone = True

    # --- epochs ---------------------------------------------------------------------------------

    def _epoch_reason(
        self,
        source: Source,
        captured: Capture | None,
        present: Configuration | None,
        status: Status,
    ) -> str | None:
        """Why capture needs a new epoch; None if the present one continues."""
        if captured is None:
            return history.without_record(source)
        if captured.state is State.BEGINNING:
            return captured.reason
        if captured.state is State.ENDED:
            return f"tables of database {self.database} are delivered again"
        if request := self._request(captured):  # it covers the causes below, too
            return request.reason
        if cause := history.broken(captured, source):
            return cause
        if captured.cluster_id and self.log.cluster_id() != captured.cluster_id:
            return "ZooKeeper lost its data: Kafka has another cluster id"
        if present is None:
            return "Kafka Connect lost the connector"
        if present.get(SLOT_NAME, self.slot) != self.slot:
            return f"the slot is {self.slot} now, no longer {present[SLOT_NAME]}"
        if status.run is Run.FAILED:
            if EPOCH_REQUIRED in status.trace:
                return status.trace.split(EPOCH_REQUIRED, 1)[1].splitlines()[0]
            if NO_PUBLICATION in status.trace and source.published:
                return "the publication was dropped and made again"
        return None

    def _request(self, captured: Capture | None) -> EpochRequest | None:
        """An operator's request that no epoch has answered yet. One that is being prepared has: its
        topics are fresh before its record is written."""
        request = self.log.requested()
        if request is None or captured is None or captured.state is State.BEGINNING:
            return None
        return request if request.after >= captured.epoch else None

    def _begin_epoch(
        self,
        reason: str,
        source: Source,
        captured: Capture | None,
        present: Configuration | None,
        tables: Tables,
    ) -> None:
        """An interruption does no harm: the record has the state BEGINNING until every step is
        done. Epochs for the same reason have growing pauses."""
        request = self._request(captured)
        is_repeated = captured is not None and captured.reason == reason
        if is_repeated and request is None and not self._epochs.ready(self.clock()):
            self._report_once(f"a new epoch is needed and waits for its pause to end: {reason}")
            return
        self._epochs.take(self.clock())
        epochs = (source.epoch, captured.epoch if captured else 0, _epoch(present))
        epoch, began = max(epochs) + 1, now_iso()
        self.report(f"epoch {epoch} begins with a snapshot of every row: {reason}")
        tables = self._rows.readable(source, tables)
        if request is not None and request.fresh_topics:
            self.log.check_deletable(tables.values())
            if present is not None:
                self.connect.stop()
            self.log.delete_events(tables.values())
        self.log.make_topics(tables.values())
        topic_ids = self._rows.topic_ids(tables)
        beginning = Capture(
            epoch=epoch,
            state=State.BEGINNING,
            system_identifier=source.identity.system_identifier,
            timeline=source.identity.timeline,
            lsn=source.lsn,
            mark=0,
            at=began,
            began_at=began,
            reason=reason,
            log_id=_log_id(captured),
            cluster_id=self.log.cluster_id(),
            tables=self._rows.records(tables, captured, tables, topic_ids),
        )
        self.log.publish(beginning)
        if present is not None:
            self.connect.stop()
            self.connect.delete_offsets()
        self.postgres.drop_slot()
        if present is not None and SLOT_NAME in present:
            self.postgres.drop_slot(present[SLOT_NAME])
        mark = self.postgres.begin(epoch, reason, with_oids(source, tables, tables))
        relations = [relation(table) for table in tables.values()]
        self.connect.configure(self.configuration(epoch, source.identity, relations))
        if present is not None:
            self.connect.resume()
        self.log.publish(replace(beginning, state=State.CAPTURING, mark=mark, at=now_iso()))
        self.report(f"epoch {epoch} captures")

    def _mark(self, captured: Capture, source: Source) -> None:
        """Increments the mark in PostgreSQL, then in Kafka; capture/history.py relies on that
        order."""
        if self.clock() - self._marked < MARK_S:
            return
        mark = self.postgres.mark(captured.epoch)
        newest = replace(captured, mark=mark, lsn=source.lsn, at=now_iso())
        cluster_id = captured.cluster_id or self.log.cluster_id()
        self.log.publish(replace(newest, log_id=_log_id(captured), cluster_id=cluster_id))
        self._marked = self.clock()

    # --- the connector --------------------------------------------------------------------------

    def _configure(self, captured: Capture, present: Configuration | None) -> None:
        """Applies changed settings, such as those of a new release. The epoch continues."""
        identity = Identity(captured.system_identifier, captured.timeline)
        wanted = self.configuration(captured.epoch, identity, [])
        if present and SNAPSHOT in present:  # of the tables with which the epoch began
            wanted[SNAPSHOT] = present[SNAPSHOT]
        if present != wanted:
            self.connect.configure(wanted)
            self.report("configured the connector")

    def _restart_failed(self, status: Status) -> None:
        if self._restarts.ready(self.clock()):
            pause_s = self._restarts.take(self.clock())
            self.report(f"restarts the connector, which failed: {status.cause}")
            self.report(f"restarts it again in {pause_s:.0f} s at the earliest")
            self.connect.restart(only_failed=True)

    def _stays_partial(self, status: Status) -> bool:
        if status.run is not Run.PARTIAL:
            self._partial_since = None
        elif self._partial_since is None:
            self._partial_since = self.clock()
        elif self.clock() - self._partial_since >= PARTIAL_S:
            self._partial_since = None
            return True
        return False

    def _restart_stuck(self, source: Source, captured: Capture, status: Status) -> None:
        slot = source.slot
        if status.run is not Run.RUNNING or slot is None or not slot.active:
            self._progress.reset()
            return
        messages = self.log.messages(topics(captured, captured.tables, self.database))
        stuck_s = self._progress.stuck_s(slot.confirmed_lsn, messages, self.clock())
        if stuck_s < STUCK_S:
            return
        self._progress.reset()
        if leaderless := self.log.leaderless(topics(captured, captured.tables, self.database)):
            self.report(f"Kafka has no leader for the partitions {', '.join(leaderless)}")
            return
        self.report(f"restarts the RUNNING task: nothing was captured for {stuck_s:.0f} s")
        self.connect.restart(only_failed=False)

    def _report_once(self, message: str) -> None:
        if message != self._reported:
            self.report(message)
            self._reported = message


def _epoch(configuration: Configuration | None) -> int:
    return int((configuration or {}).get("riada.epoch", 0))


def _log_id(captured: Capture | None) -> str:
    """The log id of Kafka's record; a new one if Kafka has no record, or one of an earlier
    release."""
    return (captured.log_id if captured else "") or uuid4().hex
