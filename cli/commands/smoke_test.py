"""Follow the people of one DAG run from the source through every stage, field by field.

PEOPLE (default 5000) says how many, SEED which (default: new ones). PATIENCE (default 1) waits that
many times as long for answers and progress, where cores are busy. Exit code 1 names the first stage
that fell short and its cause.
"""

from __future__ import annotations

import argparse
import os

from cli.clients import jobs
from cli.host import output
from cli.host.output import Fault
from cli.installations import target
from contract.jobs.job import JobKind
from contract.jobs.smoke_test import SmokeTestRequest, SmokeTestResult


def main() -> int:
    argparse.ArgumentParser(prog="make smoke-test", description=__doc__).parse_args()
    people = os.environ.get("PEOPLE") or "5000"
    if not people.isdigit() or int(people) < 1:
        raise Fault(f"PEOPLE={people} is no number above 0", "e.g. make smoke-test PEOPLE=100")
    patience = os.environ.get("PATIENCE") or "1"
    if not patience.isdigit() or not 1 <= int(patience) <= 20:
        raise Fault(f"PATIENCE={patience} is no number from 1 to 20", "e.g. PATIENCE=4")
    request = SmokeTestRequest(int(people), os.environ.get("SEED") or None, float(patience))
    answer = jobs.run(target.current(), JobKind.SMOKE_TEST.value, request.to_json())
    result = SmokeTestResult.from_json(answer)
    output.emit(answer, text(result))
    return 0 if result.ok else 1


def text(result: SmokeTestResult) -> str:
    """The table of checks, then the verdict."""
    rows = [("ok" if row.ok else "FAIL", row.check, row.evidence) for row in result.checks]
    table = output.table(rows, ("result", "check", "evidence"))
    failure = result.diagnosis
    if failure is None:
        end = f"{result.people:,} people of seed {result.seed} arrived in {result.took_s} s"
    else:
        end = f"failed at {failure.stage}: {failure.component}: {failure.cause}"
    return f"\n{table}\n\n{end}"
