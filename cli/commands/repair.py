"""Make Cassandra hold again what PostgreSQL holds: what differs is written again at the source.

Compares first, changes nothing when all is equal, and ends with a comparison of what differed.
Exit code 1 when something still does. JSON=1 prints the Control Center's answer as it is.
"""

from __future__ import annotations

import argparse

from cli.clients import jobs
from cli.commands import compare
from cli.host import output
from cli.installations import target
from contract.jobs.job import JobKind
from contract.jobs.repair import RepairRequest, RepairResult


def main() -> int:
    argparse.ArgumentParser(prog="make repair", description=__doc__).parse_args()
    answer = jobs.run(target.current(), JobKind.REPAIR.value, RepairRequest().to_json())
    result = RepairResult.from_json(answer)
    done = f"republished: {result.republished:,}, erased: {result.erased:,}"
    if result.outside_domain:
        done += f", outside the columns' domain: {result.outside_domain:,} (correct them)"
    output.emit(answer, f"{compare.text(result)}\n\n{done}")
    return 0 if result.ok else 1
