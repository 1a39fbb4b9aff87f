"""Cassandra takes clients and nodes by TLS 1.3 only; clients verify its certificate, and nodes that
of each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.host import docker
from cli.runners.encryption import RESTART
from contract.stores.tls import CA
from control_center.health.probes.cassandra import CLEAR_TEXT, CLEAR_TEXT_SETTING
from tests.docker.conftest import CERTIFICATE, Container, Start, certify, of_node
from tests.harness.wait import eventually

pytestmark = pytest.mark.timeout(1800)

NODE = "cassandra-1"
MARKER = "/var/lib/cassandra/encrypted"
LIMIT_S = 300
CLIENT = """\
import sys; sys.path.insert(0, '/opt/cassandra')
from pathlib import Path
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import Cluster
from cql import secret
from contract.stores.cassandra.tls import verified
login = PlainTextAuthProvider('observer', secret('cassandra-observer'))
cluster = Cluster(['cassandra-1'], auth_provider=login, protocol_version=5, **{settings})
cluster.connect().execute('SELECT batch_id FROM people.batches LIMIT 1')
cluster.shutdown()
"""
VERIFIED, CLEAR = f"verified(Path('/run/secrets/{CA}'))", "{}"


@pytest.fixture(scope="module")
def server(start: Start) -> Container:
    container = start("cassandra", NODE, "-e", "HEAP=512m")
    container.await_healthy("healthcheck", limit_s=LIMIT_S)
    return container


def connect(server: Container, settings: str) -> str:
    """What the driver's error says; "" if it reads a row. `settings`: an expression of Python."""
    script = CLIENT.replace("{settings}", settings)
    done = server.run("/opt/cassandra/venv/bin/python", "-I", "-c", script)
    return done.stderr if done.returncode else ""


def handshake(server: Container, port: int, *options: str) -> str:
    """What the certificate of a port is, by openssl; "" without one."""
    command = f"openssl s_client -connect {NODE}:{port} {' '.join(options)} </dev/null 2>/dev/null"
    return server.run("bash", "-c", f"{command} | openssl x509 -noout -serial").stdout


def test_a_verified_client_reads(server: Container) -> None:
    assert connect(server, VERIFIED) == ""


def test_clear_text_is_refused(server: Container) -> None:
    assert "NoHostAvailable" in connect(server, CLEAR)


@pytest.mark.parametrize("port", [9042, 7000])
def test_tls_1_2_is_refused(server: Container, port: int) -> None:
    assert handshake(server, port, "-tls1_3").startswith("serial=")
    assert handshake(server, port, "-tls1_2") == ""


def test_a_client_refuses_a_server_of_another_authority(server: Container, tmp_path: Path) -> None:
    certify(tmp_path, CERTIFICATE)
    docker.ask("cp", str(tmp_path / CA), f"{server.name}:/tmp/other-ca")
    error = connect(server, "verified(Path('/tmp/other-ca'))")
    assert "certificate verify failed" in error


def test_a_client_refuses_a_name_that_the_certificate_has_not(server: Container) -> None:
    error = connect(server, f"{VERIFIED} | {{'ssl_options': {{'server_hostname': 'postgres'}}}}")
    assert "Hostname mismatch" in error


def test_only_the_server_reads_its_key(server: Container) -> None:
    assert server.run("stat", "-c", "%a", "/dev/shm/tls-cassandra.pem").stdout == "600\n"


def test_a_renewed_certificate_is_used_without_a_restart(server: Container, secrets: Path) -> None:
    started = docker.inspect(server.name)[0]["State"]["StartedAt"]
    before = {port: handshake(server, port) for port in (9042, 7000)}
    assert all(serial.startswith("serial=") for serial in before.values())
    certify(secrets, f"{of_node(NODE)},renewed")
    for port, serial in before.items():
        eventually(lambda: handshake(server, port) not in ("", serial), f"renewed on {port}", 90)  # noqa: B023
    assert connect(server, VERIFIED) == ""
    assert docker.inspect(server.name)[0]["State"]["StartedAt"] == started


def test_clear_text_ends_after_an_upgrade(server: Container) -> None:
    """The volume of a release without TLS: its clients connect until all are replaced."""
    server.run("rm", MARKER).check_returncode()
    restart(server)
    assert "accepts clear text" in server.logs()
    assert connect(server, CLEAR) == ""
    assert connect(server, VERIFIED) == ""
    assert setting(server) == "true"
    done = server.run("encryption", "require")
    assert (done.returncode, done.stdout) == (
        RESTART,
        f"cassandra: refuses clear text once {NODE} has restarted\n",
    )
    restart(server)
    assert "NoHostAvailable" in connect(server, CLEAR)
    assert connect(server, VERIFIED) == ""
    assert setting(server) == "false"
    done = server.run("encryption", "require")
    assert (done.returncode, done.stdout) == (0, "")


def setting(server: Container) -> str:
    """What the Control Center reads of it."""
    query = CLEAR_TEXT.replace("?", f"'{CLEAR_TEXT_SETTING}'")
    script = CLIENT.replace("{settings}", VERIFIED).replace("cluster.shutdown()", "")
    script += f"print(cluster.connect().execute({query!r}).one().value)"
    return server.run("/opt/cassandra/venv/bin/python", "-I", "-c", script).stdout.strip()


def restart(server: Container) -> None:
    docker.ask("restart", server.name)
    server.await_healthy("healthcheck", limit_s=LIMIT_S)


# Reads by the Spark connector, which the streaming job uses, too.
CONNECTOR = """\
from pathlib import Path
from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", False).getOrCreate()
for name, value in {
    "connection.host": "HOST",
    "connection.timeoutMS": "20000",
    "auth.username": "observer",
    "auth.password": Path("/run/secrets/cassandra-observer").read_text().strip(),
}.items():
    spark.conf.set(f"spark.cassandra.{name}", value)
reader = spark.read.format("org.apache.spark.sql.cassandra")
print("rows:", reader.options(keyspace="people", table="batches").load().count())
"""
IMPOSTOR = "openssl s_server -quiet -accept 9042 -cert {0} -key {0}"


def read_by_spark(start: Start, name: str, host: str, *options: str) -> str:
    node = start("spark", name, *options, command=("sleep", "1200"))
    certificate = "/run/secrets/tls-postgres"
    docker.ask("exec", "-d", node.name, "bash", "-c", IMPOSTOR.format(certificate))
    done = node.run("python", "-c", CONNECTOR.replace("HOST", host))
    return done.stdout + done.stderr


def test_the_spark_connector_reads(server: Container, start: Start) -> None:
    assert "rows: 0" in read_by_spark(start, "spark-reads", NODE)


def test_the_spark_connector_refuses_another_authority(
    server: Container, start: Start, tmp_path: Path
) -> None:
    certify(tmp_path, CERTIFICATE)
    mount = f"{tmp_path / CA}:/run/secrets/{CA}:ro"
    shown = read_by_spark(start, "spark-authority", NODE, "--volume", mount)
    assert "rows:" not in shown
    assert "PKIX path" in shown


def test_the_spark_connector_refuses_another_service(server: Container, start: Start) -> None:
    shown = read_by_spark(start, "spark-impostor", "spark-impostor")
    assert "rows:" not in shown
    assert "No subject alternative DNS name matching cassandra" in shown


def ring(node: Container) -> int:
    """The number of nodes that serve, as this one sees it."""
    lines = node.run("nodetool", "status").stdout.splitlines()
    return sum(line.startswith("UN ") for line in lines)


def second(start: Start, name: str, *options: str) -> Container:
    variables = {"HEAP": "512m", "CASSANDRA_SEEDS": NODE, "WAIT_FOR": f"{NODE}:9042"}
    words = [word for key, value in variables.items() for word in ("-e", f"{key}={value}")]
    return start("cassandra", name, *words, *options)


def await_refused(node: Container, server: Container) -> None:
    """Cassandra ends, since no other node answers it."""
    eventually(lambda: not node.running(), f"{node.name} has ended", LIMIT_S)
    assert "Unable to gossip with any peers" in node.logs()
    assert ring(server) == 1


def test_a_node_in_clear_text_does_not_join(
    server: Container, start: Start, tmp_path: Path
) -> None:
    text = server.run("cat", "/opt/cassandra/cassandra.yaml").stdout
    settings = tmp_path / "cassandra.yaml"
    settings.write_text(text.replace("internode_encryption: all", "internode_encryption: none"))
    settings.chmod(0o644)
    volume = f"{settings}:/opt/cassandra/cassandra.yaml:ro"
    await_refused(second(start, "cassandra-2", "--volume", volume), server)


def test_the_certificate_of_another_service_does_not_join(
    server: Container, start: Start, secrets: Path
) -> None:
    name = "cassandra-3"
    own = (secrets / f"tls-{name}").read_bytes()
    replace(secrets / f"tls-{name}", (secrets / "tls-postgres").read_bytes())
    node = second(start, name)
    await_refused(node, server)
    replace(secrets / f"tls-{name}", own)
    docker.ask("start", node.name)
    eventually(lambda: ring(server) == 2, "it joins with its own", LIMIT_S)


def replace(file: Path, content: bytes) -> None:
    file.chmod(0o644)
    file.write_bytes(content)
