"""Follow the first person from the source to Cassandra, and print its trace.

The last stage of `make up`, for an installation that Terraform alone brought up, such as on AWS.
"""

from __future__ import annotations

from cli.deploy import first_person
from cli.host import output
from cli.host.options import NoOptions
from cli.installations import target

SUMMARY = "Follow the first person from the source to Cassandra"
Options = NoOptions


def run(options: NoOptions) -> int:
    trace = first_person.follow(target.current())
    output.emit(trace.to_json(), first_person.describe(trace))
    return 0
