"""The source of users with a fault of randomuser/faults.py."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from cli.host import docker
from cli.host.errors import CliError
from tests.harness.platform import Platform
from tests.harness.wait import eventually

SERVICE, FAULTY = "randomuser", "randomuser-faulty"


@contextmanager
def source_with(platform: Platform, kind: str) -> Iterator[None]:
    """The fault lasts until the block ends; then every container is healthy."""
    try:
        begin(platform, kind)
        yield
    finally:
        end(platform)
        platform.await_healthy()


def begin(platform: Platform, kind: str) -> None:
    """Replace the source by one whose answers all have the fault."""
    source, name = platform.container(SERVICE), platform.container(FAULTY)
    image = docker.inspect(source)[0]["Config"]["Image"]
    platform.stop(SERVICE)
    network = ("--network", platform.installation.project, "--network-alias", SERVICE)
    docker.ask("run", "-d", "--name", name, *network, "--env", "RANDOMUSER_FAULTS=1", image)
    fault = json.dumps({"kind": kind, "times": 1_000_000})
    request = (
        "import urllib.request as r; r.urlopen(r.Request("
        f"'http://127.0.0.1:8000/faults', {fault.encode()!r}, method='PUT'))"
    )
    eventually(lambda: docker.ask("exec", name, "python3", "-c", request) == "", kind, 30)


def end(platform: Platform) -> None:
    with suppress(CliError):
        docker.remove("container", platform.container(FAULTY))
    platform.start(SERVICE)
