"""Rows of a table without a source: capture sends existing rows again."""

from __future__ import annotations

from contract.kafka.topics import events
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs import job_protocol
from control_center.jobs.smoke_test.checks import Checks
from control_center.jobs.smoke_test.followed import Followed
from control_center.jobs.smoke_test.topic import TopicFollower
from control_center.pipeline import row_repository
from control_center.pipeline.resend import resend


def follow(clients: Clients, table: Table, checks: Checks, count: int) -> Followed:
    """Asks for the first `count` rows. Raises UnreachableError."""
    start = clients.kafka.offsets(events(table).name)
    rows = row_repository.sample_in_postgres(clients, table, count)
    topic = TopicFollower(clients, table, start, set(rows))
    if rows:
        job_protocol.progress(f"postgres: asking capture for {len(rows):,} rows again")
        resend(clients, table, rows)
        evidence = f"{len(rows):,} rows are sent again"
    else:
        evidence = "0 rows: there is nothing to follow until an application writes some"
    checks.passed("PostgreSQL", evidence)
    return Followed(rows, topic, once=False)
