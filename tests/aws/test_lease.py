"""Processes that take the lease of a rolling change in a real S3, in a bucket with versions."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.dev.localstack import REGION
from node.aws.client import Aws
from node.aws.s3 import S3Bucket
from node.aws.sigv4 import Credentials
from node.steps.lease import Lease
from tests.aws.account import Account
from tests.harness.wait import eventually

BUCKET = "riada-lease-test"
OTHERS = [f"kafka-{number}" for number in range(2, 6)]
TURNS = 3


@pytest.fixture
def bucket(account: Account) -> Iterator[str]:
    s3 = account.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    yield BUCKET
    versions = s3.list_object_versions(Bucket=BUCKET)
    for version in versions.get("Versions", []) + versions.get("DeleteMarkers", []):
        s3.delete_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])
    s3.delete_bucket(Bucket=BUCKET)


def lease_of(node: str, endpoint: str) -> Lease:
    aws = Aws(REGION, Credentials("test", "test", ""), endpoint)
    return Lease(S3Bucket(aws, BUCKET), node)


def take_turns(node: str, endpoint: str, turns: int, inside_s: float, folder: Path) -> None:
    """What nodes do with the lease, as often as `turns` says."""
    lease = lease_of(node, endpoint)
    for _ in range(turns):
        while not (lease.holder() == node or lease.take()):
            (folder / f"{node}-waits").touch()
            time.sleep(0.02)
        with (folder / "log").open("a") as log:
            print(node, "enters", file=log, flush=True)
            time.sleep(inside_s)
            print(node, "leaves", file=log, flush=True)
        lease.release()


def test_one_process_at_a_time_is_inside_and_a_killed_one_goes_on(
    endpoint: str, bucket: str, tmp_path: Path
) -> None:
    def start(node: str, turns: int, inside_s: float) -> multiprocessing.process.BaseProcess:
        arguments = (node, endpoint, turns, inside_s, tmp_path)
        process = multiprocessing.get_context("spawn").Process(target=take_turns, args=arguments)
        process.start()
        return process

    def lines() -> list[str]:
        return (tmp_path / "log").read_text().splitlines()

    first = start("kafka-1", 1, 3600)
    eventually((tmp_path / "log").exists, "the first process is inside", 60)
    eventually(lines, "it says so", 60)
    first.kill()
    first.join()
    others = [start(node, TURNS, 0.05) for node in OTHERS]
    eventually(
        lambda: all((tmp_path / f"{node}-waits").exists() for node in OTHERS), "all wait", 60
    )
    assert lines() == ["kafka-1 enters"]
    assert lease_of("kafka-2", endpoint).holder() == "kafka-1"
    again = start("kafka-1", 1, 0.05)
    for process in (again, *others):
        process.join()
        assert process.exitcode == 0
    interrupted, *turns = lines()
    assert interrupted == "kafka-1 enters"
    assert turns[:2] == ["kafka-1 enters", "kafka-1 leaves"]
    assert len(turns) == 2 + 2 * TURNS * len(OTHERS)
    for enters, leaves in zip(turns[::2], turns[1::2], strict=True):
        node = enters.split()[0]
        assert (enters, leaves) == (f"{node} enters", f"{node} leaves")
    assert lease_of("kafka-1", endpoint).holder() == ""
