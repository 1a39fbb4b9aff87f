"""Rebuild everything behind PostgreSQL from its rows: topics, checkpoint and Cassandra's rows.

Capture begins a new epoch with fresh topics and sends every row again; rows that PostgreSQL does
not hold are then deleted from Cassandra; at the end all stores are compared. Writers may write and
readers read meanwhile. Dead letters are kept. If no release is deployed, it is deployed first. You
can stop the command and run it again. Exit code 1 if rows still differ.
"""

from __future__ import annotations

from dataclasses import dataclass

from cli.clients import control_center, jobs
from cli.commands import deploy_dags, repair
from cli.host.output import progress
from cli.installations import target
from cli.installations.local import Installation
from contract.jobs.job import JobKind
from contract.jobs.rebuild import RebuildRequest, RebuildResult
from contract.jobs.tables import TableList

SUMMARY = "Rebuild topics, checkpoint and Cassandra's rows from PostgreSQL"


@dataclass(frozen=True)
class Options:
    """None."""


def run(options: Options) -> int:
    installation = target.current()
    if not _is_deployed(installation):
        progress("no release is deployed, or its files were lost: make deploy-dags")
        deploy_dags.deploy(deploy_dags.Options())
    result = jobs.run(installation, JobKind.REBUILD, RebuildRequest(), RebuildResult.from_json)
    repaired = repair.run(repair.Options())
    for name, cause in result.waiting.items():
        progress(
            f"error: {name or 'postgres'}: not every row was captured: {cause}. make status names "
            "what capture needs; then run make rebuild again"
        )
    return repaired if result.ok else 1


def _is_deployed(installation: Installation) -> bool:
    answer = control_center.ask(installation, "GET", "/api/tables")
    return bool(control_center.decoded(TableList.from_json, answer).tables)
