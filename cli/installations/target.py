"""The installation that TARGET names: on this machine, or on AWS.

On AWS an address is reached by a port forward of Session Manager. REACH=direct takes it as it is:
from a network that leads into the VPC, or where LocalStack's machines are.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import time
from collections.abc import Mapping
from functools import cache

from cli.host.output import Fault
from cli.installations import aws
from cli.installations.local import Installation

_FORWARD_LIMIT_S = 30


class OnAws(Installation):
    """infra/aws, as it was applied last."""

    def url(self, kind: str) -> str:
        way = aws.output("ways")[kind]
        if os.environ.get("REACH") == "direct":
            return f"http://{way['address']}:{way['port']}"
        return f"http://127.0.0.1:{_forward(way['instance'], way['port'])}"

    def secret(self, name: str) -> str:
        asked = ("--secret-id", f"{self.project}/{name}", "--query", "SecretString")
        return aws.ask("secretsmanager", "get-secret-value", *asked, "--output", "text").strip()


def current(environment: Mapping[str, str] = os.environ) -> Installation:
    target = environment.get("TARGET") or "local"
    if target == "local":
        return Installation.current(environment)
    if target != "aws":
        raise Fault(f"TARGET={target} is no target", "TARGET=aws, or none for this machine")
    return OnAws(aws.output("project"), {})


@cache
def _forward(instance: str, port: int) -> int:
    """A port of this machine that leads there until this command ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        local: int = free.getsockname()[1]
    ports = f"portNumber={port},localPortNumber={local}"
    document = ("--document-name", "AWS-StartPortForwardingSession", "--parameters", ports)
    session = subprocess.Popen(
        [aws.command(), "ssm", "start-session", "--target", instance, *document],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    atexit.register(session.terminate)
    deadline = time.monotonic() + _FORWARD_LIMIT_S
    while time.monotonic() < deadline and session.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", local), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return local
    session.terminate()
    raise Fault(
        f"no session with {instance}: {session.communicate()[0].strip()}",
        "docs/aws.md tells what sessions need; REACH=direct takes the VPC's addresses",
    )
