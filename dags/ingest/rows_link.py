"""The button of a task in Airflow that opens the run's rows in the Control Center."""

from __future__ import annotations

from typing import Any

from airflow.sdk import BaseOperatorLink

from ingest import report


class RowsLink(BaseOperatorLink):
    """Airflow asks for the link when the task has ended, and keeps it as an XCom. Without published
    pages it is empty, and Airflow shows no button."""

    name = "Rows in the Control Center"
    xcom_key = "rows_link"

    def __init__(self, table: str) -> None:
        self.table = table

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        """`ti_key`: the task instance itself, when Airflow runs the task."""
        return report.page(self.table, ti_key.get_template_context()["dag_run"].start_date)
