"""One request to one node, against sockets of this process."""

from __future__ import annotations

import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

from contract.errors import UnreachableError
from contract.stores.cassandra.tls import NAME
from contract.stores.tls import CA
from control_center.clients.liveness import ask, ask_all, cassandra_alive, kafka_alive
from control_center.clients.liveness import zookeeper_mode as mode
from control_center.health.encryption import DAY_S

SCRIPT = Path(__file__).resolve().parents[3] / "infra/certificates.sh"


@contextmanager
def node(answer: Callable[[bytes], bytes], certificate: Path | None = None) -> Iterator[str]:
    """A node that answers one question, by TLS if it has a certificate; its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with suppress(ssl.SSLError):
                if certificate:
                    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                    context.load_cert_chain(certificate)
                    connection = context.wrap_socket(connection, server_side=True)
                connection.sendall(answer(connection.recv(4096)))
            connection.close()

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """The file of cassandra-1, beside that of its CA."""
    return certified(tmp_path / "secrets", f"cassandra-1=localhost,{NAME}")


def certified(folder: Path, service: str) -> Path:
    subprocess.run([SCRIPT, "make", folder, service], check=True, capture_output=True)
    return folder / f"tls-{service.partition('=')[0]}"


def test_the_question_of_each_protocol(certificate: Path) -> None:
    questions = []

    def record(question: bytes) -> bytes:
        questions.append(question)
        return b"alive"

    with node(record) as address:
        kafka_alive(address)
    with node(record, certificate) as address:
        until = cassandra_alive(address, certificate.parent / CA)
    kafka, cassandra = questions
    assert kafka[:8] == b"\x00\x00\x00\x0a\x00\x12\x00\x00", "ApiVersions v0"
    assert until
    assert 396 < (until - time.time()) / DAY_S <= 397
    assert cassandra == b"\x04\x00\x00\x00\x05\x00\x00\x00\x00", "OPTIONS of protocol v4"


@pytest.mark.parametrize(
    ("service", "cause"),
    [
        ("cassandra-1=cassandra", "certificate verify failed"),
        ("postgres=localhost,postgres", "certificate verify failed: Hostname mismatch"),
    ],
    ids=["another authority", "another service"],
)
def test_an_impostor_is_no_node(
    service: str, cause: str, certificate: Path, tmp_path: Path
) -> None:
    folder = certificate.parent if service.startswith("postgres") else tmp_path / "other"
    served = certified(folder, service)
    with node(lambda _: b"", served) as address, pytest.raises(UnreachableError, match=cause):
        cassandra_alive(address, certificate.parent / CA)


def test_a_node_without_encryption_is_reported(certificate: Path) -> None:
    with node(lambda _: b"\x84") as address, pytest.raises(UnreachableError, match="cannot be"):
        cassandra_alive(address, certificate.parent / CA)


def test_the_mode_of_a_zookeeper_node() -> None:
    with node(lambda _: b"Zookeeper version: 3.8\nMode: follower\nNode count: 5\n") as address:
        assert mode(address) == "follower"


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (b"This ZooKeeper instance is not currently serving requests\n", "answers: This ZooKeeper"),
        (b"\n", "answers: nothing"),
        (b"", "closed the connection without an answer"),
    ],
)
def test_a_zookeeper_node_without_a_mode(answer: bytes, cause: str) -> None:
    with node(lambda _: answer) as address, pytest.raises(UnreachableError) as raised:
        mode(address)
    assert raised.value.component == "127.0.0.1"
    assert raised.value.cause.startswith(cause)


def test_a_node_that_is_stopped_accepts_and_does_not_answer() -> None:
    """The kernel accepts connections for a process that is stopped."""
    with socket.create_server(("127.0.0.1", 0)) as stopped:
        address = f"127.0.0.1:{stopped.getsockname()[1]}"
        with pytest.raises(UnreachableError, match=r"does not answer within 0.05 s"):
            ask(address, b"?", timeout_s=0.05)


def test_a_node_that_is_not_on_the_network() -> None:
    with pytest.raises(UnreachableError, match=r"^kafka-2: is not on the network"):
        kafka_alive("kafka-2.riada.invalid:9092")


def test_all_nodes_at_once() -> None:
    def question(address: str) -> str:
        if address == "b:1":
            raise UnreachableError("b", "refuses connections")
        return address.upper()

    answers = ask_all(["a:1", "b:1", "c:1"], question)
    assert list(answers) == ["a:1", "b:1", "c:1"]
    assert (answers["a:1"], answers["c:1"]) == ("A:1", "C:1")
    assert str(answers["b:1"]) == "b: refuses connections"
