"""The stages after PostgreSQL in the order of the pipeline. Each follows the rows, then compares
every field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contract.health.diagnosis import Diagnosis
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.jobs.smoke_test.checks import Checks, counts
from control_center.jobs.smoke_test.follow import Follower
from control_center.jobs.smoke_test.followed import Followed
from control_center.jobs.smoke_test.topic import TopicEvent
from control_center.pipeline import batches, row_repository
from control_center.pipeline.row_diff import compare
from control_center.pipeline.row_repository import Row


class Stages:
    """Raises CheckFailedError at the first stage that fails, or UnreachableError."""

    def __init__(
        self, clients: Clients, table: Table, checks: Checks, follower: Follower, followed: Followed
    ) -> None:
        self._clients, self._table = clients, table
        self._checks, self._follower = checks, follower
        self._followed, self._rows = followed, followed.rows
        self._newest: Mapping[str, TopicEvent] = {}

    def topic(self) -> None:
        """Waits until each row has an event, and checks that no event is on the topic twice."""
        topic, total = self._followed.topic, len(self._rows)
        self._follower.follow("topic", total, topic.count, "connect")
        self._rows = self._unchanged()
        total = len(self._rows)
        newest = topic.history.newest()
        self._newest = {key: event for key, event in newest.items() if key in self._rows}
        rows = {key: event.event.row for key, event in self._newest.items()}
        failed = Diagnosis("topic", "connect", "the topic holds other rows than PostgreSQL")
        self._check_rows("PostgreSQL = topic", rows, failed, undecodable=topic.undecodable)
        redelivered, versions = topic.history.redelivered(), topic.history.versions()
        cause = f"{redelivered} events are on the topic twice with the same version"
        self._checks.add(
            "no event twice on the topic",
            redelivered == 0 and (not self._followed.once or versions == total),
            f"{versions:,} versions of {total:,} rows, {redelivered} delivered again",
            Diagnosis("topic", "connect", cause),
            redelivered=redelivered,
            versions=versions,
        )

    def cassandra(self) -> None:
        """Waits until batches cover each row's newest event, and checks that Cassandra has it."""
        total = len(self._rows)

        def written() -> int:
            batch = batches.newest(self._clients, self._table)
            ends = batch.end_offsets if batch else {}
            places = [event.offset for event in self._newest.values()]
            return sum(place.offset < ends.get(place.partition, 0) for place in places)

        self._follower.follow("cassandra", total, written, "spark-driver")
        rows, origins = row_repository.in_cassandra(self._clients, self._table, self._rows)
        cause = "Cassandra holds other rows than the topic"
        failed = Diagnosis("cassandra", "spark-driver", cause)
        self._check_rows("topic = Cassandra", rows, failed)
        older = [
            key for key, event in self._newest.items() if origins[key].source_lsn != event.event.lsn
        ]
        self._checks.add(
            "Cassandra holds the newest version",
            not older,
            f"{len(origins) - len(older):,} of {total:,} have the newest event's LSN",
            Diagnosis(
                "cassandra", "spark-driver", f"{len(older)} rows do not have their newest version"
            ),
            first=older[:5],
        )

    def _unchanged(self) -> Mapping[str, Row]:
        """The followed rows that PostgreSQL still holds as they were; applications may write others
        meanwhile."""
        now = row_repository.in_postgres(self._clients, self._table, self._rows)
        changed = compare(self._table, self._rows, now)
        left_out = {*changed.missing, *changed.columns}
        if left_out:
            job_protocol.progress(f"postgres: {len(left_out):,} rows have changed meanwhile")
        return {key: row for key, row in self._rows.items() if key not in left_out}

    def _check_rows(
        self, check: str, rows: Mapping[str, Row], failed: Diagnosis, **details: Any
    ) -> None:
        difference = compare(self._table, self._rows, rows)
        evidence = counts(len(self._rows), difference)
        details = difference.to_json() | details
        self._checks.add(check, not difference, evidence, failed, **details)
