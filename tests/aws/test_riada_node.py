"""riada-node from user-data reports what is missing, and becomes ready when nothing is missing."""

from __future__ import annotations

import gzip
import json
import uuid
from collections.abc import Iterator

import pytest

from tests.aws.account import Account
from tests.aws.conftest import LOCALSTACK, Root
from tests.aws.machine import Machine

# This node has no data volume, because a container without a disk cannot have one.
NODE = "connect"


@pytest.fixture(scope="module")
def machine(root: Root, account: Account) -> Iterator[Machine]:
    machine = Machine(
        f"{LOCALSTACK}-{uuid.uuid4().hex[:6]}", LOCALSTACK, account.node_user_data(NODE)
    )
    yield machine
    machine.remove()


@pytest.fixture(scope="module")
def bucket(account: Account) -> str:
    return account.bucket()


def images(account: Account, bucket: str) -> set[str]:
    """Keys of the images that the node's compose file names."""
    text = account.client("s3").get_object(Bucket=bucket, Key=f"nodes/{NODE}/{NODE}.json")["Body"]
    services = json.loads(text.read())["services"].values()
    names = {service["image"].replace("/", "-").replace(":", "-") for service in services}
    return {f"images/{name}.tar.gz" for name in names}


def test_reports_which_image_is_missing(machine: Machine, account: Account, bucket: str) -> None:
    done = machine.run("riada-node")
    missing = min(images(account, bucket))
    assert done.returncode == 1
    assert f"not ready: no {missing} in {bucket} yet: " in done.stdout


def test_reports_which_image_cannot_be_loaded(
    machine: Machine, account: Account, bucket: str
) -> None:
    broken = min(images(account, bucket))
    account.client("s3").put_object(Bucket=bucket, Key=broken, Body=gzip.compress(b"broken"))
    done = machine.run("riada-node")
    assert done.returncode == 1
    assert f"not ready: {broken} cannot be loaded: no archive" in done.stdout


def test_becomes_ready(machine: Machine, account: Account, bucket: str) -> None:
    for key in images(account, bucket):
        account.client("s3").put_object(Bucket=bucket, Key=key, Body=gzip.compress(b"an image"))
    done = machine.run("riada-node")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == f"riada-node: {NODE}: ready"
    assert machine.run("riada-node").stdout == "", "it reports nothing twice"


def test_reads_its_own_secrets_and_no_others(machine: Machine, account: Account) -> None:
    listed = machine.run("ls", "/run/riada/secrets").stdout.split()
    assert listed == ["ca", "connect-rest", "postgres-debezium", "postgres-registry"]
    assert machine.run("stat", "-c", "%a", "/run/riada/secrets").stdout == "700\n"
    manager = account.client("secretsmanager")
    for name in listed:
        expected = manager.get_secret_value(SecretId=f"riada/{name}")["SecretString"]
        assert machine.run("cat", f"/run/riada/secrets/{name}").stdout == expected


def test_reports_to_cloudwatch(machine: Machine, account: Account) -> None:
    logs = account.client("logs")
    events = logs.get_log_events(logGroupName="/riada/nodes", logStreamName=NODE)["events"]
    assert events[-1]["message"] == "ready"
    metrics = account.client("cloudwatch").list_metrics(Namespace="riada/riada")["Metrics"]
    own = [
        metric for metric in metrics if metric["Dimensions"] == [{"Name": "Node", "Value": NODE}]
    ]
    assert {metric["MetricName"] for metric in own} == {"Ready", "DiskUsed"}
