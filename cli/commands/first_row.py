"""Follow the first row of a table with a source to Cassandra, and print its trace.

The last stage of `make up`, for an installation that Terraform alone brought up, such as on AWS.
"""

from __future__ import annotations

from dataclasses import dataclass

from cli.deploy import first_row
from cli.host import output
from cli.host.options import text
from cli.installations import target

SUMMARY = "Follow the first row from the source to Cassandra (TABLE=orders)"


@dataclass(frozen=True)
class Options:
    table: str = text("", "name of a table; by default the first with a source")


def run(options: Options) -> int:
    trace = first_row.follow(target.current(), options.table)
    if trace is None:
        output.emit({"ok": True, "trace": None}, first_row.NO_SOURCE)
    else:
        output.emit(trace.to_json(), first_row.describe(trace))
    return 0
