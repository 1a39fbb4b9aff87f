"""The installation on AWS: what its Terraform state tells, and AWS's own command line.

Credentials, region and endpoint are those that `aws` and Terraform take from the environment.
"""

from __future__ import annotations

import json
import subprocess
from functools import cache
from typing import Any

from cli.host.output import Fault
from cli.host.process import capture, program

INSTALL = "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"


def command() -> str:
    """Path of the aws command."""
    return program("aws", INSTALL)


def ask(*arguments: str, given: bytes = b"") -> str:
    """Output of an aws command; a Fault with its own words when it fails."""
    done = subprocess.run([command(), *arguments], input=given, capture_output=True)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise Fault(f"aws {' '.join(arguments[:2])}: {said}", "aws sts get-caller-identity works?")
    return done.stdout.decode()


def listed(bucket: str, prefix: str) -> list[str]:
    """Keys that begin so."""
    asked = ("--bucket", bucket, "--prefix", prefix, "--query", "Contents[].Key")
    keys: list[str] | None = json.loads(ask("s3api", "list-objects-v2", *asked) or "null")
    return keys or []


def metadata(bucket: str, key: str, name: str) -> str:
    """What was noted with an object when it was put; empty if nothing was."""
    told = json.loads(ask("s3api", "head-object", "--bucket", bucket, "--key", key))
    return str(told.get("Metadata", {}).get(name, ""))


@cache
def output(name: str) -> Any:
    """An output of infra/aws as it was applied last, e.g. `bucket`."""
    shown = ["terraform", "-chdir=infra/aws", "output", "-json", name]
    return json.loads(capture(shown, remedy="terraform -chdir=infra/aws apply: docs/aws.md"))
