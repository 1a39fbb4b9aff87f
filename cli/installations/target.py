"""The installation that TARGET names: on this machine, or on AWS."""

from __future__ import annotations

import os
from collections.abc import Mapping

from cli.host.options import Choice
from cli.installations import aws
from cli.installations.local import Installation

TARGETS = Choice(("local", "aws"))


def current(environment: Mapping[str, str] = os.environ) -> Installation:
    if TARGETS.parse("TARGET", environment.get("TARGET") or "local") == "local":
        return Installation.current(environment)
    return aws.AwsInstallation(aws.output("project"), {})
