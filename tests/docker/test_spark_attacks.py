"""Nobody runs code through Spark: each attack works on a cluster without the guards, and on an
installation's it leaves no trace."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from node.steps import cluster_secret
from tests.docker.conftest import Container, Start
from tests.docker.spark import JOB, NAME, RELEASE, Cluster, ask, guarded, unguarded
from tests.harness import spark_rpc
from tests.harness.wait import eventually

Run = Callable[..., "subprocess.CompletedProcess[str]"]
# A JVM creates the file of its log when it starts: harmless code of the attacker's choice.
LOG = "-Xlog:gc:file=/tmp/{}"
ANY_JAR = "file:/opt/spark-jars/hadoop-bare-naked-local-fs-0.1.0.jar"
# Every name of SparkSubmit's options is allowed; this one prints a version and ends.
HARMLESS = ("org.apache.spark.deploy.SparkSubmit", "--version")
APPLICATION = """
import sys
from pyspark import SparkConf, SparkContext
marker = "/tmp/" + sys.argv[2]  # an executor has other arguments
conf = SparkConf().setMaster(sys.argv[1]).set("spark.cores.max", "1")
SparkContext(conf=conf.set("spark.executor.memory", "512m")).parallelize([1], 1).foreach(
    lambda _: open(marker, "w").close())
"""


@pytest.fixture(scope="module")
def cluster(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    return guarded(start, tmp_path_factory.mktemp("artifacts"))


@pytest.fixture(scope="module")
def open_cluster(start: Start) -> Cluster:
    return unguarded(start)


@pytest.fixture(scope="module")
def attacker(start: Start) -> Container:
    """A container beside the others, without secrets."""
    settings = ("-e", "SPARK_CONF_DIR=/tmp/none", "-e", "SPARK_LOCAL_HOSTNAME=attacker")
    command = ("sleep", "infinity")
    return start("spark", "attacker", *settings, command=command, trusted=False)


def rest(run: Run, host: str, master: str, marker: str) -> None:
    """CVE-2018-11770: POST to the master's REST server."""
    body = {
        "action": "CreateSubmissionRequest",
        "appResource": "",
        "mainClass": HARMLESS[0],
        "appArgs": HARMLESS[1:],
        "clientSparkVersion": "3.5.9",
        "environmentVariables": {},
        "sparkProperties": {
            "spark.app.name": "attack",
            "spark.master": master,
            "spark.jars": "",
            "spark.driver.memory": "256m",
            "spark.driver.extraJavaOptions": LOG.format(marker),
        },
    }
    for scheme in ("http", "https"):
        url = f"{scheme}://{host}:6066/v1/submissions/create"
        run("curl", "-sSk", "--max-time", "60", url, "-d", json.dumps(body))


def submission(run: Run, host: str, master: str, marker: str) -> None:
    """A driver by RPC."""
    options = ("--conf", f"spark.driver.extraJavaOptions={LOG.format(marker)}")
    program = ("--driver-memory", "256m", "--class", HARMLESS[0], ANY_JAR, *HARMLESS[1:])
    submit = ("spark-submit", "--master", master, "--deploy-mode", "cluster")
    run("timeout", "120", *submit, *options, *program)


def application(run: Run, host: str, master: str, marker: str) -> None:
    """An application of the attacker's own driver: a worker starts its executor."""
    run("timeout", "120", "python", "-c", APPLICATION, master, marker)


ATTACKS = (rest, submission, application)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_works_without_the_guards(
    open_cluster: Cluster, attacker: Container, attack: Callable[..., None]
) -> None:
    marker = attack.__name__
    attack(attacker.run, "open-master", open_cluster.url, marker)
    eventually(lambda: _exists(open_cluster, marker), "the attacker's code runs", 60)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_foreign_container_runs_no_code(
    cluster: Cluster, attacker: Container, attack: Callable[..., None]
) -> None:
    marker = f"{attack.__name__}-container"
    attack(attacker.run, "spark-master", cluster.url, marker)
    _assert_untouched(cluster, marker)


def test_a_user_of_this_machine_runs_no_code(cluster: Cluster) -> None:
    """The bridge leads to every port, whatever is published."""
    rest(_run, cluster.address(), cluster.url, "rest-user")
    _assert_untouched(cluster, "rest-user")


def test_a_worker_of_an_attacker_is_not_registered(
    cluster: Cluster, open_cluster: Cluster, attacker: Container
) -> None:
    """It would get drivers and executors, with what the job tells them."""
    worker = '"$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.worker.Worker --cores 1'
    worker += ' --memory 256m --work-dir /tmp/$1 "$2" &>/tmp/$1.log &'
    attacker.run("bash", "-c", worker, "bash", "open", open_cluster.url)
    eventually(lambda: len(open_cluster.workers()) == 2, "a worker without the guards", 120)
    attacker.run("bash", "-c", worker, "bash", "closed", cluster.url)

    def log() -> str:
        return attacker.run("cat", "/tmp/closed.log").stdout

    eventually(lambda: "Failed to connect to master" in log(), "it is refused", 120)
    assert spark_rpc.REFUSED in log()
    assert cluster.workers() == ["spark-worker-1"]


def test_every_port_of_rpc_asks_for_the_secret(
    cluster: Cluster, open_cluster: Cluster, attacker: Container, secrets: Path
) -> None:
    """Executors of an attacker would register at a driver's; blocks have rows."""
    driver = ask(cluster, secrets, "POST", f"/drivers/{RELEASE}/{JOB}")["driver"]
    apps = "the application runs"
    eventually(lambda: [each["name"] for each in cluster.state()["activeapps"]] == [NAME], apps, 90)
    eventually(lambda: "driver | groups: 1000" in cluster.worker.logs(), "executors shuffle", 120)
    ports = spark_rpc.rpc_ports(cluster.worker.run("bash", "-c", spark_rpc.LISTENING).stdout)
    assert {7078, 7100, 7200} <= {*ports}, ports
    for place in [("spark-master", 7077), *(("spark-worker-1", port) for port in ports)]:
        assert spark_rpc.REFUSED in _answer(attacker, *place), place
    assert cluster_secret.REFUSED.decode() in _answer(attacker, "spark-master", 7077)
    assert cluster_secret.REFUSED.decode() not in _answer(attacker, "open-master", 7077)
    assert ask(cluster, secrets, "DELETE", f"/drivers/{driver}")["success"]


def _answer(attacker: Container, host: str, port: int) -> str:
    """To an RPC request without the secret."""
    done = attacker.run(*spark_rpc.request(host, port))
    assert done.returncode == 0, (host, port, done.stderr)
    return done.stdout


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, text=True, capture_output=True)


def _exists(cluster: Cluster, marker: str) -> bool:
    return cluster.worker.run("test", "-e", f"/tmp/{marker}").returncode == 0


def _assert_untouched(cluster: Cluster, marker: str) -> None:
    state = cluster.state()
    assert not state["activedrivers"] and not state["completeddrivers"]
    assert not state["activeapps"] and not state["completedapps"]
    assert not _exists(cluster, marker)
