"""The ids of Airflow's DAGs: one per table with a source, and one that keeps the driver running."""

from __future__ import annotations

STREAM = "stream_tables"
# dags/ingest_tables.py makes the DAGs of all tables with a source.
INGEST_FILE = "ingest_tables"
# Their task that stores the rows. Later tasks only check where the rows are.
INGEST_TASK = "ingest"
# The pool of that task in Airflow: it leaves room for STREAM in core.parallelism.
POOL = "ingest"


def ingest(table: str) -> str:
    """The DAG that fetches the rows of a table, given the table's name."""
    return f"ingest_{table}"
