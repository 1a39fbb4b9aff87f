"""Apply infra/aws to the tests' own LocalStack: plan, apply, an empty second plan, one more worker,
no secret in plain text, destroy, an empty account. AWS is not contacted.
"""

from __future__ import annotations

from cli.dev import session
from cli.dev.session import Options
from cli.host.machine import setup

SUMMARY = "Apply infra/aws to LocalStack, change a size, destroy it, and search for secrets"


def run(options: Options) -> int:
    setup.ensure()
    arguments = ["tests/aws", "--ignore=tests/aws/platform", "--ignore=tests/aws/vm"]
    return session.run_aws_tests(arguments, options)
