"""Single containers of the built images, with secrets and a network of the tests' own."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.host import docker
from cli.host.paths import ROOT
from tests.harness.wait import eventually

PROJECT = "riada-unit-docker"


@dataclass(frozen=True)
class Container:
    name: str

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs a command in the container; the caller checks the exit code."""
        command = (docker.docker(), "exec", self.name, *command)
        return subprocess.run(command, text=True, capture_output=True)

    def logs(self) -> str:
        done = subprocess.run(
            [docker.docker(), "logs", self.name], text=True, capture_output=True, check=True
        )
        return done.stdout + done.stderr

    def port(self, port: int) -> int:
        """The port of this machine that leads to a published one."""
        [shown] = docker.inspect(self.name)
        return int(shown["NetworkSettings"]["Ports"][f"{port}/tcp"][0]["HostPort"])

    def running(self) -> bool:
        return bool(docker.inspect(self.name)[0]["State"]["Running"])

    def await_healthy(self, *check: str, limit_s: float = 180) -> None:
        eventually(lambda: self.run(*check).returncode == 0, f"{self.name} healthy", limit_s)


Start = Callable[..., Container]


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the containers have as /run/secrets."""
    folder: Path = tmp_path_factory.mktemp("secrets")
    for name in SECRETS:
        (folder / name).write_text(f"secret-of-{name}")
    certify(folder, CERTIFICATE, SPARK_CERTIFICATE, *map(of_node, NODES))
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def start(secrets: Path) -> Iterator[Start]:
    """start(image, name, *options of docker run, command=(), trusted=True): a container, removed in
    the end. One that is not trusted has no secrets."""
    label = ("--label", f"riada.project={PROJECT}")
    docker.ask("network", "create", *label, PROJECT)
    tags = json.loads(subprocess.check_output([ROOT / "docker/build.sh", "--tags"]))

    def run(
        image: str,
        name: str,
        *options: str,
        command: tuple[str, ...] = (),
        trusted: bool = True,
    ) -> Container:
        subprocess.run([ROOT / "docker/build.sh", image], check=True, capture_output=True)
        network = ("--network", PROJECT, "--hostname", name, "--network-alias", name)
        mount = ("--volume", f"{secrets}:/run/secrets:ro") if trusted else ()
        full = f"{PROJECT}-{name}"
        docker.ask(
            "run", "-d", "--name", full, *label, *network, *mount, *options, tags[image], *command
        )
        return Container(full)

    yield run
    for kind in docker.KINDS:
        if names := docker.named(kind, PROJECT):
            docker.remove(kind, *names)


CERTIFICATE = "postgres=localhost,postgres"
SPARK_CERTIFICATE = "spark-master=localhost,spark-master"
NODES = ("cassandra-1", "cassandra-2", "cassandra-3")


def of_node(name: str) -> str:
    """Service and names of a node of Cassandra, for `certify`."""
    return f"{name}=cassandra,localhost,{name}"


def certify(folder: Path, *services: str) -> None:
    """Makes a CA and certificates, SERVICE=NAME,NAME…, as an installation has them."""
    script = ROOT / "infra/certificates.sh"
    subprocess.run([script, "make", folder, *services], check=True, capture_output=True)
    folder.chmod(0o755)  # these containers mount the whole folder


SECRETS = (
    *(f"postgres-{role}" for role in ("superuser", "airflow", "registry", "ingest")),
    *("postgres-application", "postgres-debezium", "postgres-observer"),
    *(f"cassandra-{role}" for role in ("admin", "spark", "observer")),
    *("spark-rpc", "spark-submit"),
)


@pytest.fixture(scope="module")
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def zookeeper(start: Start) -> Container:
    alone = ("-e", "ZOOKEEPER_SERVERS=zookeeper-1", "-e", "ZOOKEEPER_ID=1")
    return start("zookeeper", "zookeeper-1", *alone)


@pytest.fixture(scope="module")
def broker(start: Start, zookeeper: Container, free_port: int) -> tuple[Container, str]:
    """Starts a broker; returns its address on this machine too."""
    settings = {"BROKER_ID": 1, "ZOOKEEPER_CONNECT": "zookeeper-1:2181", "REPLICATION_FACTOR": 1}
    settings |= {"WAIT_FOR": "zookeeper-1:2181", "EXTERNAL_PORT": free_port}
    options = [word for name, value in settings.items() for word in ("-e", f"{name}={value}")]
    publish = ("-p", f"127.0.0.1:{free_port}:19092")
    container = start("kafka", "kafka-1", *options, *publish)
    container.await_healthy("healthcheck")
    return container, f"localhost:{free_port}"
