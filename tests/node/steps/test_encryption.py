"""A node with clients of PostgreSQL or Cassandra changes once these offer TLS."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

from node.steps import encryption

SECRETS = Path("/run/riada/secrets")


def compose(*secrets: str, host: str = "localhost", variable: str = encryption.POSTGRES) -> str:
    mounts = [{"source": str(SECRETS / name)} for name in secrets]
    service = {
        "container_name": "riada-connect",
        "image": "riada/connect:1",
        "environment": {variable: host, "HEAP": None},
        "volumes": mounts,
    }
    return json.dumps({"services": {"connect": service}})


@contextmanager
def server(
    monkeypatch: pytest.MonkeyPatch, answer: bytes, variable: str = encryption.POSTGRES
) -> Iterator[list[bytes]]:
    """Answers one request; the requests."""
    asked: list[bytes] = []

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            asked.append(connection.recv(8))
            connection.sendall(answer)

    with socket.create_server(("localhost", 0)) as listener:
        monkeypatch.setitem(encryption.PORTS, variable, listener.getsockname()[1])
        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield asked
        thread.join(10)


def test_it_waits_while_the_server_refuses_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(monkeypatch, b"N") as asked:
        cause = encryption.lacking(compose("postgres-debezium", "ca"), SECRETS)
    assert cause == "waits to change until localhost offers TLS"
    assert asked == [b"\x00\x00\x00\x08\x04\xd2\x16\x2f"]


def test_it_changes_once_the_server_offers_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(monkeypatch, b"S"):
        assert encryption.lacking(compose("ca"), SECRETS) == ""


def test_it_waits_while_cassandra_answers_in_clear_text(monkeypatch: pytest.MonkeyPatch) -> None:
    text = compose("ca", host="nowhere.invalid,localhost", variable=encryption.CASSANDRA)
    with server(monkeypatch, b"\x84\x00\x00\x00\x00\x00\x00\x00\x00", encryption.CASSANDRA):
        cause = encryption.lacking(text, SECRETS)
    assert cause == "waits to change until localhost offers TLS"


def test_it_changes_once_cassandra_offers_tls(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = Path(__file__).resolve().parents[3] / "infra/certificates.sh"
    subprocess.run([script, "make", tmp_path / "secrets", "cassandra-1=cassandra"], check=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "secrets/tls-cassandra-1")

    def serve() -> None:
        connection, _ = listener.accept()
        with suppress(OSError):
            context.wrap_socket(connection, server_side=True).close()

    with socket.create_server(("localhost", 0)) as listener:
        monkeypatch.setitem(encryption.PORTS, encryption.CASSANDRA, listener.getsockname()[1])
        thread = Thread(target=serve, daemon=True)
        thread.start()
        text = compose("ca", variable=encryption.CASSANDRA)
        assert encryption.lacking(text, SECRETS) == ""
        thread.join(10)


def test_a_node_without_the_ca_is_no_client() -> None:
    assert encryption.lacking(compose("postgres-debezium", host="nowhere.invalid"), SECRETS) == ""


def test_a_server_that_does_not_answer_holds_nothing_up() -> None:
    assert encryption.lacking(compose("ca", host="nowhere.invalid"), SECRETS) == ""
