"""The installation on AWS, from the last apply of infra/aws.

A service is reached by a port forward of Session Manager. REACH=direct uses its address directly,
from a network with a route into the VPC, or with LocalStack's machines.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
from functools import cache
from typing import Any

from cli.host import aws_cli
from cli.host.errors import CliError
from cli.host.poll import poll_until
from cli.host.process import capture
from cli.installations.local import Installation

_FORWARD_LIMIT_S = 30


class AwsInstallation(Installation):
    """Addresses and project are outputs of Terraform; the secrets are in Secrets Manager."""

    def url(self, kind: str) -> str:
        endpoint = output("service_endpoints")[kind]
        if os.environ.get("REACH") == "direct":
            return f"http://{endpoint['address']}:{endpoint['port']}"
        return f"http://127.0.0.1:{_forward(endpoint['instance'], endpoint['port'])}"

    def secret(self, name: str) -> str:
        query = ("--secret-id", f"{self.project}/{name}", "--query", "SecretString")
        return aws_cli.aws("secretsmanager", "get-secret-value", *query, "--output", "text").strip()


@cache
def output(name: str) -> Any:
    """An output of the last apply of infra/aws, e.g. `bucket`."""
    command = ["terraform", "-chdir=infra/aws", "output", "-json", name]
    return json.loads(capture(command, remedy="terraform -chdir=infra/aws apply: docs/aws.md"))


@cache
def _forward(instance: str, port: int) -> int:
    """A port of this machine that leads to the instance's port until this command ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        local: int = free.getsockname()[1]
    ports = f"portNumber={port},localPortNumber={local}"
    document = ("--document-name", "AWS-StartPortForwardingSession", "--parameters", ports)
    session = subprocess.Popen(
        [aws_cli.command(), "ssm", "start-session", "--target", instance, *document],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    atexit.register(session.terminate)

    def connected() -> bool | None:
        """False once the session has ended."""
        if session.poll() is not None:
            return False
        try:
            socket.create_connection(("127.0.0.1", local), timeout=1).close()
        except OSError:
            return None
        return True

    if poll_until(connected, _FORWARD_LIMIT_S, interval_s=0.2):
        return local
    session.terminate()
    raise CliError(
        f"no session with {instance}: {session.communicate()[0].strip()}",
        "docs/aws.md lists what sessions need; REACH=direct takes the VPC's addresses",
        component="aws",
    )
