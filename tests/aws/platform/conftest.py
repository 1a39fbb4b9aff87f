"""infra/aws applied to a LocalStack whose instances are machines: one node of each kind, or with
NODES=3 three brokers, ZooKeeper and Cassandra nodes, and two workers.

FOLDER holds what an operator needs to inspect a run, or to destroy what an interrupted run left:

    . .riada/test-platform/environment
    make status
    terraform -chdir=infra/aws destroy
    make stop-localstack
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from cli.clients.http import call
from cli.dev import localstack
from cli.host import docker
from cli.host.paths import ROOT
from cli.host.process import succeeds
from tests.aws.account import Account
from tests.aws.conftest import Root, Say
from tests.harness.localstack import runner_failure
from tests.harness.settings import KEEP

LOCALSTACK = "riada-localstack-platform"
FOLDER = ROOT / ".riada/test-platform"
NODES = int(os.environ.get("NODES") or 1)
WORKERS = 1 if NODES == 1 else 2
SIZES = {"brokers": NODES, "zookeepers": NODES, "workers": WORKERS, "cassandra_nodes": NODES}
# postgres, connect, spark-master, airflow, control-center, and the nodes with a number.
MACHINES = 5 + sum(SIZES.values())
# For the smoke test: the machines share the cores of this machine with other programs.
PATIENCE = "4"
# Another range than the default, which machines of another LocalStack may use.
CIDR = "10.30.0.0/16"
# The machines share the cores of this machine while they boot.
READY_LIMIT_S = 140 * MACHINES
OK_LIMIT_S = 600
POLL_S = 5


@pytest.fixture(scope="session")
def localstack_name() -> str:
    return LOCALSTACK


@pytest.fixture(scope="session")
def initialised(endpoint: str, machine_image: str, say: Say) -> Iterator[Root]:
    """The root with its state in FOLDER, which an interrupted run leaves."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    root = Root(FOLDER, endpoint, machine_image, say, cidr=CIDR)
    settings = root.settings | {f"TF_VAR_{name}": text for name, text in root.variables.items()}
    settings |= {"TF_VAR_sizes": json.dumps(SIZES), "LOCALSTACK": LOCALSTACK}
    settings |= {"TARGET": "aws", "REACH": "direct"}
    lines = [f"export {name}={shlex.quote(text)}\n" for name, text in settings.items()]
    (FOLDER / "environment").write_text("".join(lines))
    yield root
    if not KEEP:
        shutil.rmtree(FOLDER)


class Platform:
    """The applied root, its machines, and the commands of an operator."""

    def __init__(self, root: Root, account: Account, say: Say, localstack_name: str) -> None:
        self.root = root
        self._localstack = localstack_name
        self._account = account
        self._say = say
        self.nodes: dict[str, dict[str, Any]] = {}
        self.checkout = ROOT  # the repository, or a copy of it, whose commands run
        self.applied = time.time()  # when the first apply began

    def apply(self, *options: str) -> None:
        self.root.plan(SIZES, *options)
        self.root.apply()
        self.nodes = json.loads(self.root.run("output", "-json", "nodes"))

    def command(self, name: str, **settings: str) -> dict[str, Any]:
        """`make NAME TARGET=aws JSON=1`: its answer, also after a failure."""
        path = f"{ROOT / '.venv/bin'}:{os.environ['PATH']}"
        target = {"TARGET": "aws", "REACH": "direct", "JSON": "1", "PATH": path}
        done = subprocess.run(
            [sys.executable, "-m", "cli", name],
            cwd=self.checkout,
            env={**self.root.environment, **target, **settings},
            stdout=subprocess.PIPE,
            stderr=None,
            text=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def psql(self, statements: str) -> str:
        """The output of statements of PostgreSQL's superuser, inside its container."""
        container = "$(docker ps --format '{{.Names}}' | grep 'postgres$')"
        script = f"docker exec -i {container} psql -XqAt -v ON_ERROR_STOP=1 -d people"
        command = [docker.docker(), "exec", "-i", self._machine("postgres"), "bash", "-c", script]
        done = subprocess.run(
            command, input=statements, text=True, check=True, stdout=subprocess.PIPE
        )
        return done.stdout

    def last_message(self, node: str) -> tuple[float, str]:
        """Time and text of the node's last report."""
        stream = {"logGroupName": "/riada/nodes", "logStreamName": node}
        logs = self._account.client("logs")
        try:
            events = logs.get_log_events(**stream)["events"]
        except logs.exceptions.ResourceNotFoundException:
            events = []
        if not events:
            return 0.0, "nothing yet"
        return events[-1]["timestamp"] / 1000, events[-1]["message"]

    def await_ready(self, since: float, *nodes: str) -> dict[str, float]:
        """Node (all by default) → seconds after which it reported that it is ready."""
        ready: dict[str, float] = {}
        while len(ready) < len(nodes or self.nodes):
            messages = {node: self.last_message(node) for node in nodes or self.nodes}
            ready = {
                node: round(when - since, 1)
                for node, (when, text) in messages.items()
                if text == "ready" and when > since
            }
            waiting = [f"{node}: {messages[node][1]}" for node in messages if node not in ready]
            if waiting:
                if failure := runner_failure(self._localstack):
                    pytest.fail(f"no machine boots: {failure}", pytrace=False)
                if time.time() - since > READY_LIMIT_S:
                    pytest.fail(f"not ready: {waiting}", pytrace=False)
                self._say(f"{len(ready)} ready; {'; '.join(waiting)}")
                time.sleep(POLL_S)
        return ready

    def await_all_ok(self) -> None:
        """Wait until every probe passes: a service may lag just after a machine was replaced."""
        until = time.monotonic() + OK_LIMIT_S
        while not (status := self.command("status"))["ok"]:
            if time.monotonic() > until:
                pytest.fail(f"after {OK_LIMIT_S} s: {status['sentence']}", pytrace=False)
            self._say(status["sentence"])
            time.sleep(POLL_S)

    def driver_node(self) -> str:
        """The worker on which the Spark driver runs."""
        master = json.loads(self.root.run("output", "-json", "service_endpoints"))["spark-master"]
        drivers = call("GET", f"http://{master['address']}:{master['port']}/json/")["activedrivers"]
        [driver] = [driver for driver in drivers if driver["state"] == "RUNNING"]
        [node] = [node for node in self.nodes if f"-{node}." in driver["worker"]]
        return node

    def refused(self, node: str) -> set[tuple[str, int]]:
        """Connections that security groups refused to the node: the other end, and the port."""
        connections: set[tuple[str, int]] = set()
        for chain in ("ingress", "egress"):
            command = ("nft", "-j", "list", "set", "ip", "groups", f"{chain}_refused")
            parts = json.loads(docker.ask("exec", self._machine(node), *command))["nftables"]
            [refused] = [part["set"] for part in parts if "set" in part]
            connections |= {tuple(pair["concat"]) for pair in refused.get("elem", [])}
        return connections

    def connects(self, node: str, other: str, port: int) -> bool:
        """Can a node, or LocalStack's container, connect to a node?"""
        address = self.nodes[other]["address"]
        container = self._machine(node) if node in self.nodes else node
        attempt = ("timeout", "3", "bash", "-c", f"</dev/tcp/{address}/{port}")
        return succeeds([docker.docker(), "exec", container, *attempt])

    def _machine(self, node: str) -> str:
        return f"{self._localstack}-{self.nodes[node]['instance']}"

    def minutes_until(self, when: str = "") -> float:
        """Minutes since the first apply began; `when` in ISO 8601, by default now."""
        end = datetime.fromisoformat(when).timestamp() if when else time.time()
        return round((end - self.applied) / 60, 1)


@pytest.fixture(scope="session")
def platform(
    initialised: Root, account: Account, before: set[str], say: Say, figures: dict[str, Any]
) -> Platform:
    """The applied root, whose machines are booting."""
    localstack.start_machines(LOCALSTACK)
    platform = Platform(initialised, account, say, LOCALSTACK)
    began = time.monotonic()
    platform.apply()
    figures["machines"] = len(platform.nodes)
    figures["apply_s"] = round(time.monotonic() - began, 1)
    return platform


def machines() -> list[str]:
    """Names of the containers that are machines, running or not."""
    label = f"label=riada.localstack={LOCALSTACK}"
    return docker.lines("ps", "-a", "--filter", label, "--format", "{{.Names}}")


def leftovers(volumes: set[str]) -> list[str]:
    """Containers, networks, volumes and disks of machines that still exist."""
    networks = docker.lines("network", "ls", "--format", "{{.Name}}")
    kept = docker.lines("volume", "ls", "--format", "{{.Name}}")
    disks = docker.lines("exec", f"{LOCALSTACK}-machines", "ls", "/disks")
    return [
        *machines(),
        *(name for name in networks if name.startswith(f"{LOCALSTACK}-vpc")),
        *(volumes & set(kept)),
        *disks,
    ]
