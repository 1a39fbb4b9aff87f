"""The stages in the order of the pipeline. Each follows the people, then compares every field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contract.health.diagnosis import Diagnosis
from control_center.clients.clients import Clients
from control_center.config import TOPIC
from control_center.jobs import job_protocol
from control_center.jobs.smoke_test.checks import CheckFailedError, Checks
from control_center.jobs.smoke_test.follow import Follower
from control_center.jobs.smoke_test.source import SourcePeople
from control_center.jobs.smoke_test.topic import TopicEvent, TopicFollower
from control_center.pipeline import batches, user_repository
from control_center.pipeline.row_diff import Difference, Row, compare

PAGE = 1000
DAG = "ingest_users"


class Stages:
    """Raises CheckFailedError at the first stage that fails, or UnreachableError."""

    def __init__(
        self, clients: Clients, checks: Checks, follower: Follower, source: SourcePeople
    ) -> None:
        self._clients, self._checks, self._follower = clients, checks, follower
        self._people, self._ids = source.people, set(source.people)
        self._already_stored = user_repository.count_in_postgres(clients, self._ids)
        start = (
            clients.kafka.earliest(TOPIC) if self._already_stored else clients.kafka.offsets(TOPIC)
        )
        self._topic = TopicFollower(clients, start, self._ids)
        self._newest: Mapping[str, TopicEvent] = {}

    def postgres(self, seed: str, count: int) -> None:
        """Starts a DAG run, and waits until it has stored all people."""
        conf = {"seed": seed, "people": count, "batch_size": PAGE, "rate": 0}
        body = {"logical_date": None, "conf": conf}
        run = self._clients.airflow.post(f"/dags/{DAG}/dagRuns", body)["dag_run_id"]
        job_protocol.progress(f"airflow: started {DAG} run {run}")

        def stored() -> int:
            state = self._clients.airflow.get(f"/dags/{DAG}/dagRuns/{run}")["state"]
            if state == "failed":
                cause = f"{DAG} run {run} failed: make logs S=airflow-scheduler"
                raise CheckFailedError(Diagnosis("airflow", "airflow-scheduler", cause))
            return user_repository.count_in_postgres(self._clients, self._ids)

        self._follower.follow("postgres", len(self._ids), stored, "airflow-scheduler")
        rows = user_repository.in_postgres(self._clients, self._ids)
        cause = "PostgreSQL holds other people than the source returned"
        failed = Diagnosis("postgres", "airflow-scheduler", cause)
        self._check_rows("source = PostgreSQL", rows, failed, dag_run=run)

    def topic(self) -> None:
        """Waits until each person has an event, and checks that no event is on the topic twice."""
        self._follower.follow("topic", len(self._ids), self._topic.count, "connect")
        self._newest = self._topic.history.newest()
        rows = {key: event.event.row for key, event in self._newest.items()}
        failed = Diagnosis("topic", "connect", "the topic holds other people than PostgreSQL")
        self._check_rows("PostgreSQL = topic", rows, failed, undecodable=self._topic.undecodable)
        redelivered, versions = self._topic.history.redelivered(), self._topic.history.versions()
        cause = f"{redelivered} events are on the topic twice with the same version"
        self._checks.add(
            "no event twice on the topic",
            redelivered == 0 and (self._already_stored > 0 or versions == len(self._ids)),
            f"{versions:,} versions of {len(self._ids):,} people, {redelivered} delivered again",
            Diagnosis("topic", "connect", cause),
            redelivered=redelivered,
            versions=versions,
        )

    def cassandra(self) -> None:
        """Waits until batches cover each person's newest event, and checks that Cassandra has
        it."""

        def written() -> int:
            batch = batches.newest(self._clients)
            ends = batch.end_offsets if batch else {}
            places = [event.offset for event in self._newest.values()]
            return sum(place.offset < ends.get(place.partition, 0) for place in places)

        self._follower.follow("cassandra", len(self._ids), written, "spark-driver")
        rows, origins = user_repository.in_cassandra(self._clients, self._ids)
        failed = Diagnosis(
            "cassandra", "spark-driver", "Cassandra holds other people than the topic"
        )
        self._check_rows("topic = Cassandra", rows, failed)
        older = [
            key for key, event in self._newest.items() if origins[key].source_lsn != event.event.lsn
        ]
        self._checks.add(
            "Cassandra holds the newest version",
            not older,
            f"{len(origins) - len(older):,} of {len(self._ids):,} have the newest event's LSN",
            Diagnosis(
                "cassandra", "spark-driver", f"{len(older)} people do not have their newest version"
            ),
            first=older[:5],
        )

    def _check_rows(
        self, check: str, rows: Mapping[str, Row], failed: Diagnosis, **details: Any
    ) -> None:
        difference = compare(self._people, rows)
        evidence = counts(len(self._people), difference)
        details = difference.to_json() | details
        self._checks.add(check, not difference, evidence, failed, **details)


def counts(total: int, difference: Difference) -> str:
    """The difference of `total` people in a sentence."""
    missing, differing = len(difference.missing), len(difference.columns)
    return (
        f"{total - missing - differing:,} of {total:,} equal in every field, "
        f"{missing} missing, {differing} differing"
    )
