"""The two DAGs and their last runs."""

from __future__ import annotations

from contract.health.details.airflow import DagRun
from control_center.clients.airflow_types import Dag
from control_center.health.stages.airflow import SHOWN, DagRow, RunRow, describe
from tests.control_center.health.stages.in_memory import clients


class InMemoryAirflow:
    def dags(self) -> list[Dag]:
        return [
            Dag("ingest_users", (), False, "2026-11-22T12:01:00Z"),
            Dag("somebody_s_own", (), True),
            Dag("stream_users", (), True),
        ]

    def runs(self, dag: str, limit: int) -> list[DagRun]:
        assert limit == SHOWN
        return [DagRun(f"{dag}-1", "success", "2026-11-22T12:00:00Z", "2026-11-22T12:00:09Z")]


def test_the_dags_of_the_platform_and_their_runs() -> None:
    stage = describe(clients(airflow=InMemoryAirflow()))
    assert stage.dags == (
        DagRow("ingest_users", False, "2026-11-22T12:01:00Z"),
        DagRow("stream_users", True, None),
    )
    times = ("success", "2026-11-22T12:00:00Z", "2026-11-22T12:00:09Z")
    assert stage.runs == (
        RunRow("ingest_users", "ingest_users-1", *times),
        RunRow("stream_users", "stream_users-1", *times),
    )
