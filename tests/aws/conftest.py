"""One LocalStack for the session, to which infra/aws is applied once."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.dev import localstack
from cli.dev.session import FIGURES
from cli.host.output import progress
from cli.host.paths import ROOT
from tests.aws.account import REGION, Account
from tests.harness import terraform_mirror

LOCALSTACK = "riada-localstack-test"
SIZES = {"brokers": 3, "zookeepers": 3, "workers": 3, "cassandra_nodes": 3}
"""Production: every kind that can be in three zones is."""


PROGRESS_S = 5
Say = Callable[[str], None]


@pytest.fixture(scope="session")
def say(request: pytest.FixtureRequest) -> Say:
    """say(text): a line of progress, although pytest keeps output to itself."""
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def tell(text: str) -> None:
        with capture.global_and_fixture_disabled():
            progress(text)

    return tell


@pytest.fixture(scope="session")
def figures() -> Iterator[dict[str, Any]]:
    """What the tests measure; `make test-aws` and `make test-platform` print it."""
    measured: dict[str, Any] = {}
    yield measured
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(measured))


@pytest.fixture(scope="session")
def localstack_name() -> str:
    """Of LocalStack's container; platform/ has one of its own."""
    return LOCALSTACK


@pytest.fixture(scope="session")
def endpoint(localstack_name: str) -> Iterator[str]:
    localstack.stop(localstack_name)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    localstack.start(port, localstack_name)
    yield localstack.environment(port)["AWS_ENDPOINT_URL"]
    if not os.environ.get("KEEP"):
        localstack.stop(localstack_name)


@pytest.fixture(scope="session")
def account(endpoint: str) -> Account:
    return Account(endpoint)


@pytest.fixture(scope="session")
def machine_image(account: Account) -> str:
    """LocalStack knows none of Debian's."""
    made = account.client("ec2").register_image(Name="debian-13-amd64", RootDeviceName="/dev/xvda")
    return str(made["ImageId"])


class Root:
    """infra/aws with a state of the tests' own; `said` is all that Terraform printed."""

    def __init__(
        self, folder: Path, endpoint: str, machine_image: str, say: Say, **variables: str
    ) -> None:
        self._say = say
        self.state = folder / "aws.tfstate"
        self.said = ""
        self._plan = folder / "plan"
        port = int(endpoint.rpartition(":")[2])
        data = {"TF_DATA_DIR": str(folder / "data"), "TF_IN_AUTOMATION": "1"}
        self.settings = localstack.environment(port) | {"AWS_DEFAULT_REGION": REGION} | data
        self.environment = os.environ | self.settings
        self.variables = {"region": REGION, "machine_image": machine_image, "disposable": "true"}
        self.variables |= variables
        self._fixed = [f"-var={name}={value}" for name, value in self.variables.items()]
        backend = f"-backend-config=path={self.state}"
        self.run("init", "-input=false", backend, *terraform_mirror.init_options("aws"))

    def run(self, *arguments: str) -> str:
        command = ["terraform", f"-chdir={ROOT / 'infra/aws'}", *arguments, "-no-color"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, env=self.environment, **pipes) as child:
            while True:
                try:
                    out, error = child.communicate(timeout=PROGRESS_S)
                    break
                except subprocess.TimeoutExpired:
                    self._say(f"terraform {arguments[0]} …")
        self.said += out + error
        if child.returncode:
            pytest.fail(f"{' '.join(command)}\n{out[-4000:]}{error}", pytrace=False)
        return str(out)

    def plan(self, sizes: dict[str, int], *options: str) -> dict[str, Any]:
        """The plan for these sizes, which `apply` then carries out."""
        sized = f"-var=sizes={json.dumps(sizes)}"
        self.run("plan", "-input=false", f"-out={self._plan}", sized, *self._fixed, *options)
        plan: dict[str, Any] = json.loads(self.run("show", "-json", str(self._plan)))
        return plan

    def apply(self) -> None:
        self.run("apply", "-input=false", str(self._plan))

    def destroy(self) -> None:
        self.run("destroy", "-input=false", "-auto-approve", *self._fixed)


def changes(plan: dict[str, Any]) -> dict[str, list[str]]:
    """Address → actions of all that a plan would do."""
    done = {one["address"]: one["change"]["actions"] for one in plan["resource_changes"]}
    return {
        address: actions
        for address, actions in done.items()
        if actions not in (["no-op"], ["read"])
    }


@pytest.fixture(scope="session")
def before(account: Account, machine_image: str) -> set[str]:
    """What the account held before."""
    return account.resources()


@pytest.fixture(scope="session")
def initialised(
    tmp_path_factory: pytest.TempPathFactory, endpoint: str, machine_image: str, say: Say
) -> Root:
    return Root(tmp_path_factory.mktemp("aws"), endpoint, machine_image, say)


@pytest.fixture(scope="session")
def root(initialised: Root, before: set[str], figures: dict[str, Any]) -> Root:
    """Applied for SIZES."""
    began = time.monotonic()
    plan = initialised.plan(SIZES)
    figures["plan_s"] = round(time.monotonic() - began, 1)
    figures["resources"] = len(changes(plan))
    began = time.monotonic()
    initialised.apply()
    figures["apply_s"] = round(time.monotonic() - began, 1)
    return initialised
