"""infra/aws with one node of each kind, applied to a LocalStack whose instances are machines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from cli import engine, localstack
from cli.installation import ROOT
from tests.aws.account import Account
from tests.aws.conftest import Root, Say

LOCALSTACK = "riada-localstack-platform"
SIZES = {"brokers": 1, "zookeepers": 1, "workers": 1, "cassandra_nodes": 1}
READY_LIMIT_S = 1200
LOOK_S = 5


@pytest.fixture(scope="session")
def localstack_name() -> str:
    return LOCALSTACK


class Platform:
    """The applied root, its machines, and commands as an operator gives them."""

    def __init__(self, root: Root, account: Account, say: Say) -> None:
        self.root = root
        self._account = account
        self._say = say
        self.nodes: dict[str, dict[str, Any]] = {}
        self.applied = time.time()
        """When the first apply began."""

    def apply(self, *options: str) -> None:
        self.root.plan(SIZES, *options)
        self.root.apply()
        self.nodes = json.loads(self.root.run("output", "-json", "nodes"))

    def command(self, name: str, **settings: str) -> dict[str, Any]:
        """`make NAME TARGET=aws JSON=1`; what it answers, also when that is no success."""
        path = f"{ROOT / '.venv/bin'}:{os.environ['PATH']}"
        target = {"TARGET": "aws", "REACH": "direct", "JSON": "1", "PATH": path}
        done = subprocess.run(
            [sys.executable, "-m", f"cli.{name.replace('-', '_')}"],
            cwd=ROOT,
            env={**self.root.environment, **target, **settings},
            stdout=subprocess.PIPE,
            stderr=None,
            text=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def said(self, node: str) -> tuple[float, str]:
        """When a node reported last, and what."""
        asked = {"logGroupName": "/riada/nodes", "logStreamName": node}
        logs = self._account.client("logs")
        try:
            events = logs.get_log_events(**asked)["events"]
        except logs.exceptions.ResourceNotFoundException:
            return 0.0, "nothing yet"
        return events[-1]["timestamp"] / 1000, events[-1]["message"]

    def await_ready(self, since: float, *nodes: str) -> dict[str, float]:
        """Node (all by default) → seconds after which it said that it is ready."""
        ready: dict[str, float] = {}
        while len(ready) < len(nodes or self.nodes):
            told = {node: self.said(node) for node in nodes or self.nodes}
            ready = {
                node: round(when - since, 1)
                for node, (when, text) in told.items()
                if text == "ready" and when > since
            }
            waiting = [f"{node}: {told[node][1]}" for node in told if node not in ready]
            if waiting:
                if time.time() - since > READY_LIMIT_S:
                    pytest.fail(f"not ready: {waiting}", pytrace=False)
                self._say(f"{len(ready)} ready; {'; '.join(waiting)}")
                time.sleep(LOOK_S)
        return ready


@pytest.fixture(scope="session")
def platform(
    initialised: Root, account: Account, before: set[str], say: Say, figures: dict[str, Any]
) -> Iterator[Platform]:
    """Applied; machines boot meanwhile."""
    localstack.start_machines(LOCALSTACK)
    platform = Platform(initialised, account, say)
    began = time.monotonic()
    platform.apply()
    figures["apply_s"] = round(time.monotonic() - began, 1)
    yield platform


def leftovers() -> list[str]:
    """What machines are made of, by its name on this engine."""
    return [
        name
        for listed in (
            engine.lines("ps", "-a", "--format", "{{.Names}}"),
            engine.lines("network", "ls", "--format", "{{.Name}}"),
        )
        for name in listed
        if name.startswith((f"{LOCALSTACK}-i-", f"{LOCALSTACK}-vpc"))
    ]
