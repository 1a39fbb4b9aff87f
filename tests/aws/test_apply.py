"""infra/aws can be applied, a second time without changes, and extended by one worker."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest

from tests.aws.account import Account
from tests.aws.conftest import SIZES, Root, changes

WORKER = {
    'aws_cloudwatch_metric_alarm.this["spark-worker-4-disk"]',
    'aws_cloudwatch_metric_alarm.this["spark-worker-4-machine"]',
    'aws_cloudwatch_metric_alarm.this["spark-worker-4-not-ready"]',
    'aws_ebs_volume.data["spark-worker-4"]',
    'aws_instance.node["spark-worker-4"]',
    'aws_route53_record.service["spark-worker-4"]',
    'aws_s3_object.compose["spark-worker-4"]',
    'aws_volume_attachment.data["spark-worker-4"]',
}


def test_plan_takes_less_than_a_minute(root: Root, figures: dict[str, Any]) -> None:
    assert figures["plan_s"] <= 60


def test_every_node_runs(root: Root, account: Account) -> None:
    names = {
        tag["Value"]
        for instance in account.instances()
        for tag in instance["Tags"]
        if tag["Key"] == "Name"
    }
    many = {"kafka": 3, "zookeeper": 3, "cassandra": 3, "spark-worker": 3}
    expected = {f"riada-{kind}-{n + 1}" for kind, count in many.items() for n in range(count)}
    single = ("postgres", "connect", "spark-master", "airflow", "control-center")
    assert names == expected | {f"riada-{kind}" for kind in single}


def test_quorums_are_spread_over_three_zones(root: Root, account: Account) -> None:
    zones: dict[str, set[str]] = {}
    for instance in account.instances():
        [name] = [tag["Value"] for tag in instance["Tags"] if tag["Key"] == "Name"]
        kind = re.sub(r"-\d+$", "", name)
        zones.setdefault(kind, set()).add(instance["Placement"]["AvailabilityZone"])
    assert {len(zones[f"riada-{kind}"]) for kind in ("kafka", "zookeeper", "cassandra")} == {3}


def test_user_data_fits(root: Root, account: Account, figures: dict[str, Any]) -> None:
    sizes = [
        len(base64.b64decode(account.user_data(instance["InstanceId"])))
        for instance in account.instances()
    ]
    figures["user_data_bytes"] = max(sizes)
    assert 1000 < min(sizes) <= max(sizes) < 16384


def test_second_plan_is_empty(root: Root, figures: dict[str, Any]) -> None:
    changed = changes(root.plan(SIZES))
    figures["second_plan_changes"] = len(changed)
    assert not changed


@pytest.mark.parametrize("size", ["brokers", "zookeepers", "cassandra_nodes"])
def test_a_smaller_size_is_refused(root: Root, size: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="leave out nodes that hold data"):
        root.plan({**SIZES, size: 1})


def test_fourth_worker_changes_only_that(root: Root, figures: dict[str, Any]) -> None:
    """Besides the worker, the Control Center gets the worker's address."""
    changed = changes(root.plan({**SIZES, "workers": 4}))
    figures["fourth_worker"] = f"{len(WORKER)} created, {len(changed) - len(WORKER)} updated"
    updated = {'aws_s3_object.compose["control-center"]': ["update"]}
    assert changed == {address: ["create"] for address in WORKER} | updated
    root.apply()
    assert not changes(root.plan({**SIZES, "workers": 4}))


def test_restore_makes_the_volume_from_the_snapshot(root: Root) -> None:
    """This test only plans the commands of docs/aws.md."""
    volume, machine = 'aws_ebs_volume.data["postgres"]', 'aws_instance.node["postgres"]'
    options = (f"-replace={volume}", f"-replace={machine}", '-var=restore={postgres="snap-0abc"}')
    plan = root.plan({**SIZES, "workers": 4}, *options)
    [after] = [
        change["change"]["after"]
        for change in plan["resource_changes"]
        if change["address"] == volume
    ]
    assert after["snapshot_id"] == "snap-0abc"
    replaced = {address for address, actions in changes(plan).items() if "create" in actions}
    assert replaced == {volume, machine, 'aws_volume_attachment.data["postgres"]'}
