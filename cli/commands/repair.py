"""Make Cassandra equal to PostgreSQL again: rows that differ are written again at the source.

Compares first, changes nothing if all stores are equal, and ends with a comparison of the differing
rows. Exit code 1 if rows still differ. JSON=1 prints the Control Center's answer.
"""

from __future__ import annotations

from cli.clients import jobs
from cli.commands import compare
from cli.host import output
from cli.host.options import NoOptions
from cli.installations import target
from contract.jobs.job import JobKind
from contract.jobs.repair import RepairRequest, RepairResult

SUMMARY = "Send differing rows through the pipeline again, until all three stores are equal"
Options = NoOptions


def run(options: NoOptions) -> int:
    result = jobs.run(target.current(), JobKind.REPAIR, RepairRequest(), RepairResult.from_json)
    output.emit(result.to_json(), report(result))
    return 0 if result.ok else 1


def report(result: RepairResult) -> str:
    """The comparison, then how many people were republished or erased."""
    counts = f"republished: {result.republished:,}, erased: {result.erased:,}"
    if result.outside_domain:
        counts += f", outside the columns' domain: {result.outside_domain:,} (correct them)"
    return f"{compare.report(result)}\n\n{counts}"
