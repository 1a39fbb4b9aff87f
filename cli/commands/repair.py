"""Make Cassandra equal to PostgreSQL again, for one table or all: rows that differ are sent through
the pipeline again.

Compares first, changes nothing if all stores are equal, and ends with a comparison of the differing
rows. Exit code 1 if rows still differ. JSON=1 prints the Control Center's answer.
"""

from __future__ import annotations

from cli.clients import tables
from cli.clients.tables import TableOptions
from cli.commands import compare
from contract.jobs.job import JobKind
from contract.jobs.repair import RepairRequest, RepairResult

SUMMARY = (
    "Send differing rows through the pipeline again, until all stores are equal (TABLE=orders)"
)
Options = TableOptions


def run(options: TableOptions) -> int:
    return tables.run_job(
        JobKind.REPAIR, RepairRequest, RepairResult.from_json, report, verdict, options.table
    )


def report(result: RepairResult) -> str:
    """The comparison, then how many rows were republished or erased."""
    return f"{compare.report(result)}\n\n{verdict(result)}"


def verdict(result: RepairResult) -> str:
    counts = f"republished: {result.republished:,}, erased: {result.erased:,}"
    if result.outside_domain:
        counts += f", outside the columns' domain: {result.outside_domain:,} (correct them)"
    return counts
