"""The complete platform on machines that boot the user-data of infra/aws. Tests run in order."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from cli.host import docker
from tests.aws.account import Account
from tests.aws.platform.conftest import (
    LOCALSTACK,
    MACHINES,
    OK_LIMIT_S,
    PATIENCE,
    Platform,
    leftovers,
    machines,
)
from tests.harness.settings import KEEP
from tests.harness.tables import USERS
from tests.harness.wait import eventually
from tests.harness.work_copy import copy_repository

ROWS = "1000"
SECOND = "measurements"
FILE = """\
key = ["sensor"]
clustering = ["at"]

[columns]
sensor = "int4"
at = "timestamptz(3)"
value = "float8"
"""
INSERT = f"""\
INSERT INTO public.{SECOND}
SELECT n % 10, '2026-01-01'::timestamptz + n * interval '1 second', random()
FROM generate_series(1, {ROWS}) AS n;
"""
DRIVER = "the driver's worker"

pytestmark = pytest.mark.timeout(1800)


def assert_ok(answer: dict[str, Any]) -> None:
    assert answer["ok"], json.dumps(answer, indent=1)


def test_upload_sends_nothing_twice(platform: Platform, figures: dict[str, Any]) -> None:
    first = platform.command("upload")
    figures["upload_s"] = first["took_s"]
    assert len(first["sent"]) == first["objects"] > 9
    assert platform.command("upload")["sent"] == []


def test_every_node_becomes_ready(platform: Platform, figures: dict[str, Any]) -> None:
    ready = platform.await_ready(platform.applied)
    assert len(ready) == MACHINES
    figures["apply_to_all_ready_min"] = round(max(ready.values()) / 60, 1)
    figures |= {f"ready_{node}_s": took for node, took in sorted(ready.items())}


def test_rows_arrive(platform: Platform, figures: dict[str, Any]) -> None:
    deployed = platform.command("deploy-dags")
    assert_ok(deployed)
    figures["deploy_dags_s"] = deployed["took_s"]
    first = platform.command("first-row")
    assert first.get("arrived"), first
    written = first["cassandra"]["written_at"]
    figures["apply_to_first_row_min"] = platform.minutes_until(written)
    platform.await_all_ok()
    followed = platform.command("smoke-test", TABLE=USERS.name, ROWS=ROWS, PATIENCE=PATIENCE)
    assert_ok(followed)
    figures["rows"] = followed["rows"]
    figures["smoke_test_s"] = followed["took_s"]
    figures["apply_to_rows_compared_min"] = platform.minutes_until()


def test_rows_of_a_second_table_arrive(
    platform: Platform, figures: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    copy = tmp_path_factory.mktemp("tables") / "riada"
    copy_repository(copy)
    (copy / "tables" / f"{SECOND}.toml").write_text(FILE)
    platform.checkout = copy
    deployed = platform.command("deploy-dags")
    assert_ok(deployed)
    assert deployed["plan"][SECOND]["action"] == "add"
    since = time.monotonic()
    eventually(lambda: platform.psql(INSERT) == "", f"PostgreSQL has {SECOND}", 120)
    compared: dict[str, Any] = {}

    def arrived() -> bool:
        compared.update(platform.command("compare", TABLE=SECOND))
        return bool(compared["ok"]) and compared["cassandra"]["count"] == int(ROWS)

    eventually(arrived, f"the rows of {SECOND} are equal in all stores", OK_LIMIT_S, pause_s=5)
    figures["second_table_compared_s"] = round(time.monotonic() - since, 1)


def test_groups_let_through_what_is_needed_and_nothing_else(platform: Platform) -> None:
    refused = {
        node: connections for node in platform.nodes if (connections := platform.refused(node))
    }
    assert refused == {}
    assert platform.connects("airflow", "postgres", 5432)
    assert not platform.connects("cassandra-1", "postgres", 5432)
    assert (platform.nodes["postgres"]["address"], 5432) in platform.refused("cassandra-1")
    assert not platform.connects(LOCALSTACK, "postgres", 5432)
    assert {port for _, port in platform.refused("postgres")} == {5432}


def test_same_release_changes_nothing(platform: Platform) -> None:
    again = platform.command("deploy-dags")
    assert (again["ok"], again["changed"]) == (True, False)


@pytest.mark.parametrize("name", ["cassandra-1", "kafka-1", "spark-master", DRIVER])
def test_replaced_machine_loses_nothing(
    platform: Platform, figures: dict[str, Any], name: str
) -> None:
    node = platform.driver_node() if name == DRIVER else name
    before = platform.nodes[node]["instance"]
    since = time.time()
    platform.apply(f'-replace=aws_instance.node["{node}"]')
    assert platform.nodes[node]["instance"] != before
    figures[f"replaced_{node}_ready_s"] = platform.await_ready(since, node)[node]
    platform.await_all_ok()
    figures[f"replaced_{node}_all_ok_s"] = round(time.time() - since, 1)
    compared = platform.command("compare")
    assert_ok(compared)
    assert compared["tables"].keys() == {USERS.name, SECOND}
    figures[f"compared_after_{node}"] = sum(
        table["postgres"]["count"] for table in compared["tables"].values()
    )
    followed = platform.command("smoke-test", TABLE=USERS.name, ROWS="100", PATIENCE=PATIENCE)
    assert_ok(followed)
    if name == DRIVER:
        figures["driver_went"] = f"from {node} to {platform.driver_node()}"


@pytest.mark.skipif(KEEP, reason="KEEP is set: LocalStack and its machines are left running")
def test_destroy_leaves_no_machine(
    platform: Platform, account: Account, before: set[str], figures: dict[str, Any]
) -> None:
    assert len(machines()) == MACHINES
    mounts = [mount for machine in docker.inspect(*machines()) for mount in machine["Mounts"]]
    volumes = {mount["Name"] for mount in mounts if mount["Type"] == "volume"}
    began = time.monotonic()
    platform.root.destroy()
    while (left := leftovers(volumes)) and time.monotonic() - began < 300:
        time.sleep(1)
    figures["destroy_s"] = round(time.monotonic() - began, 1)
    figures["machines_left"] = len(machines())
    assert left == []
    assert account.resources() == before
