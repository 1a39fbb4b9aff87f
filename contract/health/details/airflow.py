"""Details of Airflow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.health.details.base import ProbeDetails
from contract.json_record import JsonRecord


@dataclass(frozen=True)
class DagRun(JsonRecord):
    """Times are ISO 8601, None before they are known. `cause`: the exception that failed the run,
    "" if it did not fail or left no log."""

    dag_run_id: str
    state: str
    start_date: str | None
    end_date: str | None
    cause: str = ""


@dataclass(frozen=True)
class AirflowDetails(ProbeDetails):
    """`release`: the deployed release, None before the first deploy. `dags`: DAG → its tags.
    `last_runs`: DAG → the newest run that has ended, or the newest if none has. `import_errors`:
    file → the last line of its trace."""

    release: str | None
    dags: Mapping[str, tuple[str, ...]]
    last_runs: Mapping[str, DagRun | None]
    import_errors: Mapping[str, str]
