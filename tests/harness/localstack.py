"""The machines of LocalStack, as the tests watch them."""

from __future__ import annotations

from cli.dev.localstack import health, runner
from cli.host import docker


def runner_failure(name: str) -> str:
    """The last log lines of the runner when it cannot boot machines; "" while it can."""
    return docker.tail(runner(name)) if health(runner(name)) == "unhealthy" else ""
