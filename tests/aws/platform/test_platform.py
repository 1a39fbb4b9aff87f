"""The whole platform on machines that boot the user-data of infra/aws: one story, test by test."""

from __future__ import annotations

import time
from typing import Any

from cli import engine
from tests.aws.account import Account
from tests.aws.platform.conftest import LOCALSTACK, Platform, leftovers

PEOPLE = "1000"
REPLACED = "cassandra-1"


def test_upload_sends_nothing_twice(platform: Platform, figures: dict[str, Any]) -> None:
    first = platform.command("upload")
    figures["upload_s"] = first["took_s"]
    assert len(first["sent"]) == first["objects"] > 9
    assert platform.command("upload")["sent"] == []


def test_every_node_gets_ready(platform: Platform, figures: dict[str, Any]) -> None:
    ready = platform.await_ready(platform.applied)
    assert len(ready) == 9
    figures |= {f"ready_{node}_s": took for node, took in sorted(ready.items())}


def test_people_arrive(platform: Platform, figures: dict[str, Any]) -> None:
    deployed = platform.command("deploy-dags")
    assert deployed["ok"], deployed
    figures["deploy_dags_s"] = deployed["took_s"]
    followed = platform.command("smoke-test", PEOPLE=PEOPLE)
    assert followed["ok"], followed
    figures["people"] = followed["people"]
    figures["smoke_test_s"] = followed["took_s"]
    status = platform.command("status")
    assert status["ok"], status


def test_same_release_changes_nothing(platform: Platform) -> None:
    again = platform.command("deploy-dags")
    assert (again["ok"], again["changed"]) == (True, False)


def test_replaced_machine_keeps_its_data(platform: Platform, figures: dict[str, Any]) -> None:
    before = platform.nodes[REPLACED]["instance"]
    since = time.time()
    platform.apply(f'-replace=aws_instance.node["{REPLACED}"]')
    assert platform.nodes[REPLACED]["instance"] != before
    figures["replaced_ready_s"] = platform.await_ready(since, REPLACED)[REPLACED]
    compared = platform.command("compare")
    assert compared["ok"], compared
    assert platform.command("smoke-test", PEOPLE="100")["ok"]


def test_destroy_leaves_no_machine(
    platform: Platform, account: Account, before: set[str], figures: dict[str, Any]
) -> None:
    assert len(leftovers()) == 10
    began = time.monotonic()
    platform.root.destroy()
    while (left := leftovers()) and time.monotonic() - began < 300:
        time.sleep(1)
    figures["destroy_s"] = round(time.monotonic() - began, 1)
    assert left == []
    assert engine.lines("exec", f"{LOCALSTACK}-machines", "ls", "/disks") == []
    assert account.resources() == before
