"""Rows of a table with a source: a run of its DAG stores what the source returns."""

from __future__ import annotations

from collections.abc import Mapping

from contract.health.component import component_of
from contract.health.diagnosis import Diagnosis
from contract.kafka.topics import events
from contract.stream import dags
from contract.table.source import Source
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.jobs.smoke_test import source
from control_center.jobs.smoke_test.checks import CheckFailedError, Checks, counts
from control_center.jobs.smoke_test.follow import Follower
from control_center.jobs.smoke_test.followed import Followed
from control_center.jobs.smoke_test.source import SourceRows
from control_center.jobs.smoke_test.topic import TopicFollower
from control_center.pipeline import row_repository
from control_center.pipeline.resend import resend
from control_center.pipeline.row_diff import compare
from control_center.pipeline.row_repository import Row


class SourceStage:
    """Raises CheckFailedError at the first check that fails, or UnreachableError."""

    def __init__(self, clients: Clients, table: Table, checks: Checks, follower: Follower) -> None:
        assert table.source
        self._clients, self._table, self._source = clients, table, table.source
        self._checks, self._follower = checks, follower

    def follow(self, seed: str, count: int) -> Followed:
        """Requests up to `count` items of the source, and waits until a DAG run has stored the same
        ones in PostgreSQL."""
        fetched = self._fetch(seed, count)
        keys = set(fetched.rows)
        stored = row_repository.held_in_postgres(self._clients, self._table, keys)
        start = self._clients.kafka.offsets(events(self._table).name)
        topic = TopicFollower(self._clients, self._table, start, keys)
        run = self._run(seed, count, keys, once=not stored)
        expected = self._unchanged(fetched, seed, count)
        rows = row_repository.in_postgres(self._clients, self._table, expected)
        difference = compare(self._table, expected, _without_generated(self._table, rows))
        cause = "PostgreSQL holds other rows than the source returned"
        self._checks.add(
            "source = PostgreSQL",
            not difference,
            counts(len(expected), difference),
            Diagnosis("postgres", "airflow-scheduler", cause),
            dag_run=run,
            **difference.to_json(),
        )
        # An item that was stored before in the same form has no new event.
        resend(self._clients, self._table, stored)
        return Followed(rows, topic.only(set(rows)), once=not stored)

    def _fetch(self, seed: str, count: int) -> SourceRows:
        component = component_of(self._source.address())
        of_seed = f" of seed {seed}" if source.is_repeatable(self._source) else ""
        job_protocol.progress(f"source: requesting {count:,} items{of_seed}")
        fetched = source.fetch(self._clients, self._table, seed, count)
        complete = fetched.received == count or not self._source.pagination.endless
        self._checks.add(
            "source",
            complete and bool(fetched.rows),
            f"{len(fetched.rows):,} rows, {fetched.refused} items do not fit a row, "
            f"{fetched.repeated} came more than once",
            Diagnosis("source", component, f"returned {fetched.received:,} items, not {count:,}"),
        )
        return fetched

    def _run(self, seed: str, count: int, keys: set[str], once: bool) -> str:
        """The id of the DAG run, once all rows are stored. `once`: none was stored before the
        run."""
        dag, airflow = dags.ingest(self._table.name), self._clients.airflow
        body = {"logical_date": None, "conf": conf(self._source, seed, count)}
        run = str(airflow.post(f"/dags/{dag}/dagRuns", body)["dag_run_id"])
        job_protocol.progress(f"airflow: started {dag} run {run}")

        def stored() -> int:
            # The run itself ends later: its other tasks check where the rows are.
            path = f"/dags/{dag}/dagRuns/{run}/taskInstances/{dags.INGEST_TASK}"
            state = airflow.get(path)["state"]
            if state == "failed":
                cause = f"{dag} run {run} failed: make logs S=airflow-scheduler"
                raise CheckFailedError(Diagnosis("airflow", "airflow-scheduler", cause))
            held = row_repository.count_in_postgres(self._clients, self._table, keys)
            # Rows that were stored before say nothing about the end of the run.
            return held if once or state == "success" else min(held, len(keys) - 1)

        self._follower.follow("postgres", len(keys), stored, "airflow-scheduler")
        return run

    def _unchanged(self, fetched: SourceRows, seed: str, count: int) -> Mapping[str, Row]:
        """The rows that the source still returns, if nothing fixes its items."""
        if source.is_repeatable(self._source):
            return fetched.rows
        again = source.fetch(self._clients, self._table, seed, count)
        changed = compare(self._table, fetched.rows, again.rows)
        left_out = {*changed.missing, *changed.columns}
        if left_out:
            job_protocol.progress(f"source: {len(left_out):,} items have changed meanwhile")
        return {key: row for key, row in fetched.rows.items() if key not in left_out}


def conf(source_: Source, seed: str, count: int) -> dict[str, object]:
    """The parameters of the DAG run."""
    size = source.page_size(source_, count)
    paged = {} if size is None else {"batch_size": size}
    return {**source.parameters(source_, seed), **paged, "count": count, "rate": 0}


def _without_generated(table: Table, rows: Mapping[str, Row]) -> dict[str, Row]:
    generated = [column.generated for column in table.columns]
    if not any(generated):
        return dict(rows)
    return {
        key: tuple(None if hidden else value for hidden, value in zip(generated, row, strict=True))
        for key, row in rows.items()
    }
