"""The Spark driver's status reaches all nodes from the worker where the driver runs."""

from __future__ import annotations

import gzip
import json
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.aws.account import Account
from tests.aws.conftest import LOCALSTACK, Root
from tests.aws.machine import Machine

STATUS = "/var/lib/docker/volumes/riada-artifacts/_data/streaming-status.json"
SIZE = 64 << 20

Boot = Callable[[str], Machine]


@pytest.fixture
def boot(root: Root, account: Account, tmp_path: Path) -> Iterator[Boot]:
    """boot(node): its machine, with its data volume and an engine that sees it."""
    machines: list[Machine] = []
    bucket = account.bucket()

    def new(node: str) -> Machine:
        user_data = account.node_user_data(node)
        volume = re.search(r"VOLUME=(vol-\w+)", user_data)
        assert volume
        disk = tmp_path / node
        with disk.open("wb") as blank:
            blank.truncate(SIZE)
        name = f"{LOCALSTACK}-{uuid.uuid4().hex[:6]}"
        machine = Machine(name, LOCALSTACK, user_data, (disk, volume[1].replace("-", "")))
        machines.append(machine)
        compose = re.search(r"COMPOSE_KEY=(\S+)", user_data)
        assert compose
        text = account.client("s3").get_object(Bucket=bucket, Key=compose[1])["Body"].read()
        for service in json.loads(text)["services"].values():
            key = f"images/{re.sub('[/:]', '-', service['image'])}.tar.gz"
            account.client("s3").put_object(Bucket=bucket, Key=key, Body=gzip.compress(b"an image"))
        machine.run("bash", "-c", "echo 1 >/run/docker.pid")
        run_node(machine)
        machine.run("mkdir", "-p", STATUS.rpartition("/")[0])
        return machine

    yield new
    for machine in machines:
        machine.remove()


def run_node(machine: Machine) -> None:
    """A complete run of riada-node, after which the node is ready."""
    done = machine.run("riada-node")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def write_status(machine: Machine, since: str) -> None:
    """As the driver on this worker does; its status may be older than that of another worker."""
    text = json.dumps({"state": "running", "since": since})
    assert machine.run("bash", "-c", f"echo '{text}' >{STATUS}").returncode == 0
    run_node(machine)


def received(machine: Machine) -> str:
    run_node(machine)
    return str(json.loads(machine.run("cat", STATUS).stdout)["since"])


def test_newest_status_reaches_every_node(boot: Boot) -> None:
    first, second, reader = boot("spark-worker-1"), boot("spark-worker-2"), boot("control-center")
    write_status(first, "2026-11-25T10:00:00+00:00")
    assert received(reader) == "2026-11-25T10:00:00+00:00"
    write_status(second, "2026-11-25T10:00:20+00:00")
    assert received(reader) == "2026-11-25T10:00:20+00:00"
    write_status(first, "2026-11-25T10:00:10+00:00")
    assert received(reader) == "2026-11-25T10:00:20+00:00", "the driver is on the other worker now"
