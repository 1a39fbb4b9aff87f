"""What the Spark driver says of itself comes to all nodes from the worker where it runs."""

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
    bucket = str(account.client("s3").list_buckets()["Buckets"][0]["Name"])

    def new(node: str) -> Machine:
        told = account.told(node)
        volume = re.search(r"VOLUME=(vol-\w+)", told)
        assert volume
        disk = tmp_path / node
        with disk.open("wb") as blank:
            blank.truncate(SIZE)
        name = f"{LOCALSTACK}-{uuid.uuid4().hex[:6]}"
        machine = Machine(name, LOCALSTACK, told, (disk, volume[1].replace("-", "")))
        machines.append(machine)
        compose = re.search(r"COMPOSE_KEY=(\S+)", told)
        assert compose
        found = account.client("s3").get_object(Bucket=bucket, Key=compose[1])["Body"].read()
        for service in json.loads(found)["services"].values():
            key = f"images/{re.sub('[/:]', '-', service['image'])}.tar.gz"
            account.client("s3").put_object(Bucket=bucket, Key=key, Body=gzip.compress(b"an image"))
        machine.run("bash", "-c", "echo 1 >/run/docker.pid")
        looked(machine)
        machine.run("mkdir", "-p", STATUS.rpartition("/")[0])
        return machine

    yield new
    for machine in machines:
        machine.remove()


def looked(machine: Machine) -> None:
    """The node looked at all of it, and is ready."""
    done = machine.run("riada-node")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def says(machine: Machine, since: str) -> None:
    """The driver, on this worker; what it said before is older or newer."""
    text = json.dumps({"state": "running", "since": since})
    assert machine.run("bash", "-c", f"echo '{text}' >{STATUS}").returncode == 0
    looked(machine)


def heard(machine: Machine) -> str:
    looked(machine)
    return str(json.loads(machine.run("cat", STATUS).stdout)["since"])


def test_the_newest_word_comes_to_every_node(boot: Boot) -> None:
    first, second, reader = boot("spark-worker-1"), boot("spark-worker-2"), boot("control-center")
    says(first, "2026-11-25T10:00:00+00:00")
    assert heard(reader) == "2026-11-25T10:00:00+00:00"
    says(second, "2026-11-25T10:00:20+00:00")
    assert heard(reader) == "2026-11-25T10:00:20+00:00"
    says(first, "2026-11-25T10:00:10+00:00")
    assert heard(reader) == "2026-11-25T10:00:20+00:00", "the driver is on the other worker now"
