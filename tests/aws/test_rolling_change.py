"""riada-node changes the running containers of one machine at a time, also after SIGKILL."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator

import pytest

from cli.host import docker
from node.steps.lease import KEY
from tests.aws.account import Account
from tests.aws.conftest import LOCALSTACK, Root
from tests.aws.machine import Machine
from tests.harness.wait import eventually

# Nodes without a data volume.
FIRST, SECOND = "connect", "spark-master"
# `compose up` writes the program's pid and its own, and waits while there is the file /engine/hold.
DOCKER = """
case "$*" in
    'image inspect '*) true ;;
    *' config --hash *') cat /engine/wanted ;;
    *' up -d '*) echo $PPID $$ >/engine/pid
        while [[ -e /engine/hold ]]; do sleep 0.1; done
        cp /engine/wanted /engine/running ;;
    *label=riada.in-sync*) printf 'container\\t["replicas-in-sync"]\\n' ;;
    *config-hash*) cat /engine/running ;;
    'exec '*container' timeout '*' replicas-in-sync')
        [[ ! -e /engine/lacks ]] || { cat /engine/lacks; exit 1; } ;;
    'ps -a '*) echo 'container (Up 1 second (healthy))' ;;
    *) echo "unexpected: $*" >&2; exit 9 ;;
esac
"""


class Node:
    """A machine whose container runs, and whose compose file asks for another."""

    def __init__(self, name: str, account: Account) -> None:
        self.name = name
        container = f"{LOCALSTACK}-{uuid.uuid4().hex[:6]}"
        self.machine = Machine(container, LOCALSTACK, account.node_user_data(name))
        self.machine.replace("docker", DOCKER)
        self.shell("mkdir /engine; echo service 1 >/engine/running; echo service 2 >/engine/wanted")

    def shell(self, script: str) -> str:
        done = self.machine.run("bash", "-euc", script)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def check(self) -> list[str]:
        """What a run of riada-node reports."""
        done = self.machine.run("riada-node")
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        return [
            line.removeprefix(f"riada-node: {self.name}: ") for line in done.stdout.splitlines()
        ]

    @property
    def changed(self) -> bool:
        return self.shell("cat /engine/running") == "service 2\n"


@pytest.fixture
def nodes(root: Root, account: Account) -> Iterator[tuple[Node, Node]]:
    first, second = Node(FIRST, account), Node(SECOND, account)
    yield first, second
    for node in (first, second):
        node.machine.remove()


def lease(account: Account) -> str:
    """The node whose turn it is; "": nobody's."""
    s3 = account.client("s3")
    if KEY not in [
        each["Key"]
        for each in s3.list_objects_v2(Bucket=account.bucket(), Prefix=KEY).get("Contents", [])
    ]:
        return ""
    body = s3.get_object(Bucket=account.bucket(), Key=KEY)["Body"]
    return str(body.read().decode())


def test_machines_change_one_after_the_other_and_an_interrupted_turn_goes_on(
    nodes: tuple[Node, Node], account: Account
) -> None:
    first, second = nodes
    first.shell("touch /engine/hold")
    settings = ("-e", "AWS_ENDPOINT_URL=http://127.0.0.1:4566", "-e", "FOLLOW_S=0")
    metadata = ("-e", "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1338")
    docker.ask("exec", "-d", *settings, *metadata, first.machine.name, "riada-node")
    inside = ("test", "-s", "/engine/pid")
    eventually(lambda: first.machine.run(*inside).returncode == 0, "compose changes", 60)
    assert lease(account) == FIRST
    waits = f"waits for its turn: {FIRST} changes its containers"
    assert second.check()[-1] == waits
    first.shell("kill -9 $(cat /engine/pid); rm /engine/hold")
    assert second.check() == [], "it reports nothing twice"
    assert (lease(account), second.changed) == (FIRST, False)

    first.shell("echo topic users, partition 0 lacks a replica >/engine/lacks")
    assert first.check()[-1].endswith(
        "in sync: container: topic users, partition 0 lacks a replica"
    )
    assert not first.changed, "replicas are in sync before a change"
    first.shell("rm /engine/lacks")
    assert first.check() == ["its turn: changes service", "ready"]
    assert (lease(account), first.changed) == ("", True)

    assert second.check() == ["its turn: changes service", "ready"]
    assert (lease(account), second.changed) == ("", True)
    metrics = account.client("cloudwatch").list_metrics(Namespace="riada/riada")["Metrics"]
    assert {"RollWait"} == {each["MetricName"] for each in metrics if not each["Dimensions"]}


def test_a_first_boot_needs_no_turn(nodes: tuple[Node, Node], account: Account) -> None:
    first, second = nodes
    s3 = account.client("s3")
    s3.put_object(Bucket=account.bucket(), Key=KEY, Body=FIRST.encode())
    second.shell("echo -n >/engine/running")
    assert second.check()[-1] == "ready"
    assert second.changed
    assert lease(account) == FIRST
    assert first.check()[-1] == "ready"
    assert lease(account) == ""


def test_one_alarm_reports_that_nodes_wait(root: Root, account: Account) -> None:
    answer = account.client("cloudwatch").describe_alarms(AlarmNames=["riada-roll"])
    [alarm] = answer["MetricAlarms"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("riada/riada", "RollWait")
    assert (alarm.get("Dimensions", []), alarm["Threshold"]) == ([], 1800)
    assert alarm["TreatMissingData"] == "notBreaching"


def test_the_policy_of_every_role_names_the_lease_and_no_other_folder(
    root: Root, account: Account
) -> None:
    iam = account.client("iam")
    for role in (FIRST, SECOND, "kafka", "cassandra", "zookeeper"):
        answer = iam.get_role_policy(RoleName=f"riada-{role}", PolicyName="node")
        statements = answer["PolicyDocument"]["Statement"]
        written = {
            str(statement["Resource"])
            for statement in statements
            if "s3:PutObject" in statement["Action"] or "s3:DeleteObject" in statement["Action"]
        }
        assert written == {f"arn:aws:s3:::{account.bucket()}/{KEY}"}, json.dumps(statements)


def test_the_node_gets_the_images_before_its_turn(
    nodes: tuple[Node, Node], account: Account
) -> None:
    """So that a turn is short."""
    first, _ = nodes
    first.machine.replace("docker", f"case $1 in image) exit 1 ;; esac\n{DOCKER}")
    done = first.machine.run("riada-node")
    assert "not ready: no images/" in done.stdout or "cannot be loaded" in done.stdout
    assert lease(account) == ""
    assert not first.changed
