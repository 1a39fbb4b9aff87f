"""Follow rows through every stage, field by field: those of a DAG run from the table's source, or
existing rows of a table without a source, which capture sends again. One table, or all tables one
after another.

Exit code 1 names the first stage that failed, and its cause.
"""

from __future__ import annotations

from dataclasses import dataclass

from cli.clients import tables
from cli.host import output
from cli.host.options import integer, text
from contract.jobs.job import JobKind
from contract.jobs.smoke_test import SmokeTestRequest, SmokeTestResult

SUMMARY = "Follow rows through every stage, field by field (TABLE=orders ROWS=5000 SEED=…)"


@dataclass(frozen=True)
class Options:
    table: str = text("", "name of one table; by default all tables, one after another")
    rows: int = integer(SmokeTestRequest.rows, "number of rows to follow at most")
    seed: str = text("", "seed of a source that has one; by default a new seed")
    patience: int = integer(1, "factor for every timeout, for busy machines", maximum=20)


def run(options: Options) -> int:
    def request(table: str) -> SmokeTestRequest:
        seed, patience = options.seed or None, float(options.patience)
        return SmokeTestRequest(table, options.rows, seed, patience)

    return tables.run_job(
        JobKind.SMOKE_TEST, request, SmokeTestResult.from_json, report, verdict, options.table
    )


def report(result: SmokeTestResult) -> str:
    """The table of checks, then the verdict."""
    rows = [("ok" if row.ok else "FAIL", row.check, row.evidence) for row in result.checks]
    table = output.table(rows, ("result", "check", "evidence"))
    return f"\n{table}\n\n{verdict(result)}"


def verdict(result: SmokeTestResult) -> str:
    if failure := result.diagnosis:
        return f"failed at {failure.stage}: {failure.component}: {failure.cause}"
    seed = f" of seed {result.seed}" if result.seed else ""
    return f"{result.rows:,} rows of {result.table}{seed} arrived in {result.took_s} s"
