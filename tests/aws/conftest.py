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
from cli.dev.localstack import REGION
from cli.dev.session import FIGURES
from cli.host.output import progress
from cli.host.paths import ROOT
from tests.aws.account import Account
from tests.harness import terraform_mirror

LOCALSTACK = "riada-localstack-test"
# Every kind that can be in three zones is.
SIZES = {"brokers": 3, "zookeepers": 3, "workers": 3, "cassandra_nodes": 3}


PROGRESS_S = 5
Say = Callable[[str], None]


@pytest.fixture(scope="session")
def say(request: pytest.FixtureRequest) -> Say:
    """say(text): print a line of progress, although pytest captures output."""
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def report(text: str) -> None:
        with capture.global_and_fixture_disabled():
            progress(text)

    return report


@pytest.fixture(scope="session")
def figures() -> Iterator[dict[str, Any]]:
    """Measurements of the tests; `make test-aws` and `make test-platform` print them."""
    measured: dict[str, Any] = {}
    yield measured
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(measured))


@pytest.fixture(scope="session")
def localstack_name() -> str:
    """Name of LocalStack's container; platform/ and vm/ have containers of their own."""
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
    """LocalStack does not have Debian's images."""
    image = account.client("ec2").register_image(Name="debian-13-amd64", RootDeviceName="/dev/xvda")
    return str(image["ImageId"])


class Root:
    """infra/aws with a state of the tests; `output` is everything that Terraform printed."""

    def __init__(
        self, folder: Path, endpoint: str, machine_image: str, say: Say, **variables: str
    ) -> None:
        self._say = say
        self.state = folder / "aws.tfstate"
        self.output = ""
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
        with subprocess.Popen(
            command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as child:
            while True:
                try:
                    out, error = child.communicate(timeout=PROGRESS_S)
                    break
                except subprocess.TimeoutExpired:
                    self._say(f"terraform {arguments[0]} …")
        self.output += out + error
        if child.returncode:
            pytest.fail(f"{' '.join(command)}\n{out[-4000:]}{error}", pytrace=False)
        return out

    def plan(self, sizes: dict[str, int], *options: str) -> dict[str, Any]:
        """The plan for these sizes; `apply` applies it."""
        sized = f"-var=sizes={json.dumps(sizes)}"
        self.run("plan", "-input=false", f"-out={self._plan}", sized, *self._fixed, *options)
        plan: dict[str, Any] = json.loads(self.run("show", "-json", str(self._plan)))
        return plan

    def apply(self) -> None:
        self.run("apply", "-input=false", str(self._plan))

    def destroy(self) -> None:
        self.run("destroy", "-input=false", "-auto-approve", *self._fixed)


def changes(plan: dict[str, Any]) -> dict[str, list[str]]:
    """Address → actions of the resources that a plan changes."""
    actions = {
        change["address"]: change["change"]["actions"] for change in plan["resource_changes"]
    }
    return {address: done for address, done in actions.items() if done not in (["no-op"], ["read"])}


@pytest.fixture(scope="session")
def before(account: Account, machine_image: str) -> set[str]:
    """The resources of the account before the root was applied."""
    return account.resources()


@pytest.fixture(scope="session")
def initialised(
    tmp_path_factory: pytest.TempPathFactory, endpoint: str, machine_image: str, say: Say
) -> Root:
    return Root(tmp_path_factory.mktemp("aws"), endpoint, machine_image, say)


@pytest.fixture(scope="session")
def root(initialised: Root, before: set[str], figures: dict[str, Any]) -> Root:
    """The root, applied for SIZES."""
    began = time.monotonic()
    plan = initialised.plan(SIZES)
    figures["plan_s"] = round(time.monotonic() - began, 1)
    figures["resources"] = len(changes(plan))
    began = time.monotonic()
    initialised.apply()
    figures["apply_s"] = round(time.monotonic() - began, 1)
    return initialised
