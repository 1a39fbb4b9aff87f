"""infra/aws applied to a LocalStack whose instances are machines with a kernel of their own."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from cli.dev import localstack
from cli.host import docker
from contract.stores.tls import CA
from tests.aws.account import Account
from tests.aws.conftest import Root, Say
from tests.aws.platform.conftest import Platform
from tests.aws.vm import rows

LOCALSTACK = "riada-localstack-vm"
STOP_LIMIT_S = 120


@pytest.fixture(scope="session")
def localstack_name() -> str:
    return LOCALSTACK


class Machines:
    """The nodes' instances: each runs only after `start`."""

    def __init__(self, platform: Platform, account: Account) -> None:
        self.platform = platform
        self._account = account
        self._ec2 = account.client("ec2")

    def start(self, *nodes: str) -> dict[str, float]:
        """Node → seconds from its start to ready."""
        since = time.time()
        self._ec2.start_instances(InstanceIds=self._instances(*nodes))
        return self.platform.await_ready(since, *nodes)

    def stop(self, *nodes: str) -> None:
        """Stop as EC2 does: each machine shuts itself down."""
        if not nodes:
            return
        self._ec2.stop_instances(InstanceIds=self._instances(*nodes))
        until = time.monotonic() + STOP_LIMIT_S
        while any(self._runs(instance) for instance in self._instances(*nodes)):
            assert time.monotonic() < until, f"{nodes} do not stop"
            time.sleep(1)

    def replace(self, *nodes: str) -> dict[str, float]:
        """New machines with new root disks; node → seconds from apply's begin to ready."""
        since = time.time()
        replaced = [f'-replace=aws_instance.node["{node}"]' for node in nodes]
        self.platform.apply("-refresh=false", *replaced)
        return self.platform.await_ready(since, *nodes)

    def engine_at(self, node: str) -> rows.Engine:
        """The address of the node's engine."""
        secret, _, _ = rows.ENGINES[node]
        manager = self._account.client("secretsmanager")

        def value(name: str) -> str:
            text: str = manager.get_secret_value(SecretId=f"riada/{name}")["SecretString"]
            return text

        [network] = json.loads(docker.ask("network", "inspect", f"{LOCALSTACK}-vpc"))
        [resolver] = (
            container["IPv4Address"].partition("/")[0]
            for container in network["Containers"].values()
            if container["Name"] == LOCALSTACK
        )
        return rows.Engine(
            address=self.platform.nodes[node]["address"],
            network=f"{LOCALSTACK}-vpc",
            resolver=resolver,
            domain="riada.internal",
            image=json.loads(self.platform.root.run("output", "-json", "images"))["control-center"],
            password=value(secret) if secret else "",
            ca=value(CA),
        )

    def console(self, node: str) -> str:
        [instance] = self._instances(node)
        return docker.ask("logs", f"{LOCALSTACK}-{instance}")

    def formatted(self, node: str) -> int:
        """The number of times that the node reported to make a file system."""
        stream = {"logGroupName": "/riada/nodes", "logStreamName": node, "startFromHead": True}
        events = self._account.client("logs").get_log_events(**stream)["events"]
        return sum("making a file system" in event["message"] for event in events)

    def disk(self, node: str) -> dict[str, str]:
        """The data disk's file system and folders, each with a value that stays the same."""
        volume = self.volume(node)
        if not volume:
            return {}
        header = _beside("dumpe2fs", "-h", volume)
        facts = {
            name: text.strip()
            for name, _, text in (line.partition(":") for line in header.splitlines())
            if name in ("Filesystem UUID", "Filesystem created")
        }
        for line in _beside("debugfs", "-c", "-R", "ls -p /", volume).splitlines():
            # /inode/mode/owner/group/name/size/
            name = line.split("/")[5] if line.count("/") > 5 else ""
            if name.startswith("riada-"):
                status = _beside("debugfs", "-c", "-R", f"stat /{name}/_data", volume)
                [facts[name]] = (line for line in status.splitlines() if "crtime:" in line)
        return facts

    def volume(self, node: str) -> str:
        """The file behind its data volume; "" for a node without one."""
        [instance] = self._instances(node)
        attached = [{"Name": "attachment.instance-id", "Values": [instance]}]
        volumes = self._ec2.describe_volumes(Filters=attached)["Volumes"]
        ids = [
            volume["VolumeId"]
            for volume in volumes
            if any(at["Device"] == "/dev/sdf" for at in volume["Attachments"])
        ]
        return f"/disks/{ids[0]}" if ids else ""

    def _instances(self, *nodes: str) -> list[str]:
        return [self.platform.nodes[node]["instance"] for node in nodes]

    @staticmethod
    def _runs(instance: str) -> bool:
        return f"{LOCALSTACK}-{instance}" in docker.lines("ps", "--format", "{{.Names}}")


def _beside(*command: str) -> str:
    """The output of a command in the runner's container, which has the volumes."""
    return docker.ask("exec", f"{LOCALSTACK}-machines", *command)


@pytest.fixture(scope="session")
def machines(
    initialised: Root, account: Account, say: Say, figures: dict[str, Any]
) -> Iterator[Machines]:
    """The applied root after the upload; every instance is stopped."""
    platform = Platform(initialised, account, say, LOCALSTACK)
    platform.apply()
    machines = Machines(platform, account)
    machines.stop(*platform.nodes)
    figures["upload_s"] = platform.command("upload")["took_s"]
    localstack.start_machines(LOCALSTACK, "uml")
    yield machines
