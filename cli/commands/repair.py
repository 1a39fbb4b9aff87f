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


def main() -> int:
    argparse.ArgumentParser(prog="make repair", description=__doc__).parse_args()
    result = jobs.run(target.current(), "repair", {})
    done = f"sent again: {result['sent_again']:,}, erased: {result['erased']:,}"
    if result["outside_domain"]:
        done += f", outside the columns' domain: {result['outside_domain']:,} (correct them)"
    output.emit(result, f"{compare.text(result)}\n\n{done}")
    return 0 if result["ok"] else 1
