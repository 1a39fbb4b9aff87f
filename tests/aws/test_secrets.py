"""Invariant 5: no generated secret is in state, plan, user-data, metadata, bucket or logs."""

from __future__ import annotations

import base64
import json
import secrets
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from cli.host import docker
from tests.aws.account import Account
from tests.aws.conftest import LOCALSTACK, SIZES, Root
from tests.harness.leaks import occurrences


def places(root: Root, account: Account) -> Iterator[tuple[str, str]]:
    """All places where a secret could be, except Secrets Manager."""
    for file in root.state.parent.glob("aws.tfstate*"):
        yield "state", file.read_text()
    with zipfile.ZipFile(root.state.parent / "plan") as plan:
        for name in plan.namelist():
            yield "plan", plan.read(name).decode(errors="replace")
    yield "terraform's output", root.output
    for instance in account.instances():
        user_data = account.user_data(instance["InstanceId"])
        yield "user-data", base64.b64decode(user_data).decode()
        yield "metadata", json.dumps(instance, default=str)
    s3 = account.client("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        for version in s3.list_object_versions(Bucket=bucket["Name"]).get("Versions", []):
            key = {"Key": version["Key"], "VersionId": version["VersionId"]}
            yield (
                "bucket",
                s3.get_object(Bucket=bucket["Name"], **key)["Body"].read().decode(errors="replace"),
            )
    logs = account.client("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        events = logs.filter_log_events(logGroupName=group["logGroupName"])["events"]
        yield "logs", json.dumps(events)
    yield "LocalStack's log", docker.tail(LOCALSTACK, 1_000_000)


@pytest.fixture
def planted(root: Root, account: Account) -> Iterator[str]:
    """A secret in state, metadata, bucket and logs."""
    secret = secrets.token_urlsafe(32)
    beside = root.state.with_name("aws.tfstate.planted")
    beside.write_text(json.dumps({"password": secret}))
    ec2, s3, logs = (account.client(name) for name in ("ec2", "s3", "logs"))
    instance = account.instances()[0]["InstanceId"]
    ec2.create_tags(Resources=[instance], Tags=[{"Key": "planted", "Value": secret}])
    bucket = s3.list_buckets()["Buckets"][0]["Name"]
    put = s3.put_object(Bucket=bucket, Key="planted", Body=secret.encode())
    stream = {"logGroupName": "/riada/nodes", "logStreamName": "planted"}
    logs.create_log_stream(**stream)
    event = {"timestamp": int(time.time() * 1000), "message": secret}
    logs.put_log_events(**stream, logEvents=[event])
    yield secret
    beside.unlink()
    ec2.delete_tags(Resources=[instance], Tags=[{"Key": "planted"}])
    s3.delete_object(Bucket=bucket, Key="planted", VersionId=put["VersionId"])
    logs.delete_log_stream(**stream)


def test_search_finds_a_planted_secret(root: Root, account: Account, planted: str) -> None:
    hits = occurrences({"planted": planted}, places(root, account))
    assert hits == {("planted", where) for where in ("state", "metadata", "bucket", "logs")}


def test_no_secret_leaks(root: Root, account: Account, figures: dict[str, Any]) -> None:
    manager = account.client("secretsmanager")
    pages = manager.get_paginator("list_secrets").paginate()
    names = [secret["Name"] for page in pages for secret in page["SecretList"]]
    values = {name: manager.get_secret_value(SecretId=name)["SecretString"] for name in names}
    assert len(values) == len(set(values.values())) > 0
    passwords = {name: value for name, value in values.items() if "-----BEGIN" not in value}
    assert {len(base64.urlsafe_b64decode(value)) for value in passwords.values()} == {32}
    certificates = values.keys() - passwords.keys()
    nodes = {f"riada/tls-cassandra-{n}" for n in range(1, SIZES["cassandra_nodes"] + 1)}
    single = {f"riada/{name}" for name in ("ca", "ca-key", "tls-postgres", "tls-spark-master")}
    assert certificates == single | nodes
    searched = list(places(root, account))
    assert {where for where, _ in searched} >= {"state", "plan", "user-data", "bucket", "metadata"}
    hits = occurrences(values, searched)
    figures["secrets"] = len(values)
    figures["places_searched"] = len(searched)
    figures["secrets_found"] = len(hits)
    assert not hits
