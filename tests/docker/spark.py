"""Spark's master and a worker: as an installation has them, and without their guards."""

from __future__ import annotations

import json
import ssl
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.clients.http import call
from cli.host import docker
from cli.host.errors import CliError
from tests.docker.conftest import Container, Start
from tests.harness.wait import eventually

RELEASE, JOB = "0123456789ab", "ba9876543210"
NAME = f"stream-{JOB}"
# Shuffles, so that executors send blocks; then it stays.
MAIN = """\
import time
from pyspark.sql import SparkSession
spark = (
    SparkSession.builder.config("spark.cores.max", "1")
    .config("spark.executor.memory", "512m")
    .getOrCreate()
)
print("groups:", spark.range(1000).repartition(4).groupBy("id").count().count(), flush=True)
time.sleep(600)
"""
# Settings of before Spark authenticated.
UNGUARDED = """
mkdir -p /tmp/conf
cp /etc/spark/log4j2.properties /tmp/conf
grep -v 'spark[.]' /etc/spark/java-opts >/tmp/conf/java-opts
echo spark.master.rest.enabled true >/tmp/conf/spark-defaults.conf
exec "$SPARK_HOME/bin/spark-class" "$@"
"""


@dataclass(frozen=True)
class Cluster:
    """`name`: the host name of the master."""

    name: str
    master: Container
    worker: Container

    @property
    def url(self) -> str:
        return f"spark://{self.name}:7077"

    def state(self) -> dict[str, Any]:
        """What the master's page /json/ has."""
        return dict(call("GET", f"http://127.0.0.1:{self.master.port(8080)}/json/"))

    def workers(self) -> list[str]:
        return [each["host"] for each in self.state()["workers"] if each["state"] == "ALIVE"]

    def drivers(self) -> dict[str, str]:
        """Id → state."""
        return {driver["id"]: driver["state"] for driver in self.state()["activedrivers"]}

    def address(self) -> str:
        """Of the master on the bridge, by which every user of this machine reaches it."""
        [shown] = docker.inspect(self.master.name)
        [network] = shown["NetworkSettings"]["Networks"].values()
        return str(network["IPAddress"])


def guarded(start: Start, artifacts: Path) -> Cluster:
    """Its artifacts have the job JOB."""
    main = artifacts / "jobs" / JOB / "spark/main.py"
    main.parent.mkdir(parents=True)
    main.write_text(MAIN)
    for path in (artifacts, *artifacts.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    publish = ("-p", "127.0.0.1::8080", "-p", "127.0.0.1::6066")
    memory = ("-e", "SPARK_DRIVER_MEMORY_MIB=512")
    master = start("spark", "spark-master", *publish, *memory, command=("master",))
    settings = {"WORKER_CORES": 2, "WORKER_MEMORY": "1200m", "WAIT_FOR": "spark-master:7077"}
    offers = [word for name, value in settings.items() for word in ("-e", f"{name}={value}")]
    volume = ("--volume", f"{artifacts}:/artifacts:ro")
    worker = start("spark", "spark-worker-1", *offers, *volume, command=("worker",))
    return _ready(Cluster("spark-master", master, worker))


def unguarded(start: Start) -> Cluster:
    conf = ("-e", "SPARK_CONF_DIR=/tmp/conf", "-p", "127.0.0.1::8080")
    spark = ("bash", "-c", UNGUARDED, "bash")
    classes = "org.apache.spark.deploy"
    listen = ("--host", "open-master", "--port", "7077", "--webui-port", "8080")
    master = start(
        "spark", "open-master", *conf, command=(*spark, f"{classes}.master.Master", *listen)
    )
    offers = ("--cores", "2", "--memory", "1200m", "--work-dir", "/var/lib/spark-work")
    worker = start(
        "spark",
        "open-worker",
        *conf,
        command=(*spark, f"{classes}.worker.Worker", *offers, "spark://open-master:7077"),
    )
    return _ready(Cluster("open-master", master, worker))


def _ready(cluster: Cluster) -> Cluster:
    def serves() -> bool:
        try:
            return len(cluster.workers()) == 1
        except CliError:
            return False

    eventually(serves, f"{cluster.name} has its worker", 180)
    return cluster


def ask(
    cluster: Cluster, secrets: Path, method: str, path: str, token: str | None = None
) -> dict[str, Any]:
    """The gateway's answer to a client of this machine. `token`: the installation's by default."""
    if token is None:
        token = (secrets / "spark-submit").read_text()
    url = f"https://localhost:{cluster.master.port(6066)}{path}"
    headers = {"Authorization": f"Bearer {token}"}
    request = urllib.request.Request(url, method=method, headers=headers)
    trust = ssl.create_default_context(cafile=secrets / "ca")
    with urllib.request.urlopen(request, context=trust, timeout=60) as answer:
        return dict(json.load(answer))
