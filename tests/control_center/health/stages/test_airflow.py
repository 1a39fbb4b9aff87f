"""The DAGs of the release and their last runs."""

from __future__ import annotations

from typing import Any

from control_center.clients.airflow_types import Dag
from control_center.health.stages.airflow import SHOWN, DagRow, RunRow, describe
from tests.control_center.health.stages.in_memory import clients

TIMES = ("success", "2026-11-22T12:00:00Z", "2026-11-22T12:00:09Z")


class InMemoryAirflow:
    def dags(self) -> list[Dag]:
        return [
            Dag("ingest_users", (), False, "2026-11-22T12:01:00Z"),
            Dag("somebody_s_own", (), True),
            Dag("stream_tables", (), True),
        ]

    def get(self, path: str, **query: Any) -> Any:
        assert (path, query["limit"]) == ("/dags/~/dagRuns", SHOWN)
        state, start, end = TIMES
        return {
            "dag_runs": [
                {
                    "dag_id": dag,
                    "dag_run_id": f"{dag}-1",
                    "state": state,
                    "start_date": start,
                    "end_date": end,
                }
                for dag in ("stream_tables", "somebody_s_own", "ingest_users")
            ]
        }


def test_the_dags_of_the_release_and_their_runs() -> None:
    stage = describe(clients(airflow=InMemoryAirflow()))
    assert stage.dags == (
        DagRow("ingest_users", False, "2026-11-22T12:01:00Z"),
        DagRow("stream_tables", True, None),
    )
    assert stage.runs == (
        RunRow("stream_tables", "stream_tables-1", *TIMES),
        RunRow("ingest_users", "ingest_users-1", *TIMES),
    )
