"""Follow the people of one DAG run from the source through every stage, field by field.

Exit code 1 names the first stage that failed, and its cause.
"""

from __future__ import annotations

from dataclasses import dataclass

from cli.clients import jobs
from cli.host import output
from cli.host.options import integer, text
from cli.installations import target
from contract.jobs.job import JobKind
from contract.jobs.smoke_test import SmokeTestRequest, SmokeTestResult

SUMMARY = "Follow the people of a DAG run through every stage (PEOPLE=5000 SEED=…)"


@dataclass(frozen=True)
class Options:
    people: int = integer(SmokeTestRequest().people, "number of people")
    seed: str = text("", "seed of the source; by default a new seed")
    patience: int = integer(1, "factor for every timeout, for busy machines", maximum=20)


def run(options: Options) -> int:
    request = SmokeTestRequest(options.people, options.seed or None, float(options.patience))
    result = jobs.run(target.current(), JobKind.SMOKE_TEST, request, SmokeTestResult.from_json)
    output.emit(result.to_json(), report(result))
    return 0 if result.ok else 1


def report(result: SmokeTestResult) -> str:
    """The table of checks, then the verdict."""
    rows = [("ok" if row.ok else "FAIL", row.check, row.evidence) for row in result.checks]
    table = output.table(rows, ("result", "check", "evidence"))
    failure = result.diagnosis
    if failure is None:
        end = f"{result.people:,} people of seed {result.seed} arrived in {result.took_s} s"
    else:
        end = f"failed at {failure.stage}: {failure.component}: {failure.cause}"
    return f"\n{table}\n\n{end}"
