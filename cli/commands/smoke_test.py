"""Follow the people of one DAG run from the source through every stage, field by field.

PEOPLE (default 5000) says how many, SEED which (default: new ones). PATIENCE (default 1) waits that
many times as long for answers and progress, where cores are busy. Exit code 1 names the first stage
that fell short and its cause.
"""

from __future__ import annotations

import argparse
import os
from typing import Any

from cli.clients import jobs
from cli.host import output
from cli.host.output import Fault
from cli.installations import target


def main() -> int:
    argparse.ArgumentParser(prog="make smoke-test", description=__doc__).parse_args()
    people = os.environ.get("PEOPLE") or "5000"
    if not people.isdigit() or int(people) < 1:
        raise Fault(f"PEOPLE={people} is no number above 0", "e.g. make smoke-test PEOPLE=100")
    arguments: dict[str, Any] = {"people": int(people)}
    if patience := os.environ.get("PATIENCE"):
        if not patience.isdigit() or not 1 <= int(patience) <= 20:
            raise Fault(f"PATIENCE={patience} is no number from 1 to 20", "e.g. PATIENCE=4")
        arguments["patience"] = int(patience)
    if os.environ.get("SEED"):
        arguments["seed"] = os.environ["SEED"]
    result = jobs.run(target.current(), "smoke-test", arguments)
    output.emit(result, text(result))
    return 0 if result["ok"] else 1


def text(result: dict[str, Any]) -> str:
    """The table of checks, then how it came out."""
    rows = [
        ("ok" if row["ok"] else "FAIL", row["check"], row["evidence"]) for row in result["checks"]
    ]
    table = output.table(rows, ("result", "check", "evidence"))
    if result["ok"]:
        end = (
            f"{result['people']:,} people of seed {result['seed']} arrived in {result['took_s']} s"
        )
    else:
        found = result["diagnosis"]
        end = f"failed at {found['stage']}: {found['component']}: {found['cause']}"
    return f"\n{table}\n\n{end}"
