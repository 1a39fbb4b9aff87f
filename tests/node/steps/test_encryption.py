"""A node whose services are clients of PostgreSQL changes once the server offers TLS."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from node.steps import encryption

SECRETS = Path("/run/riada/secrets")


def compose(*secrets: str, host: str = "localhost") -> str:
    mounts = [{"source": str(SECRETS / name)} for name in secrets]
    service = {
        "container_name": "riada-connect",
        "image": "riada/connect:1",
        "environment": {"POSTGRES_HOST": host, "HEAP": None},
        "volumes": mounts,
    }
    return json.dumps({"services": {"connect": service}})


@contextmanager
def server(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> Iterator[list[bytes]]:
    """Answers one request as PostgreSQL does; the requests."""
    asked: list[bytes] = []

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            asked.append(connection.recv(8))
            connection.sendall(answer)

    with socket.create_server(("localhost", 0)) as listener:
        monkeypatch.setattr(encryption, "PORT", listener.getsockname()[1])
        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield asked
        thread.join(10)


def test_it_waits_while_the_server_refuses_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(monkeypatch, b"N") as asked:
        cause = encryption.lacking(compose("postgres-debezium", "ca"), SECRETS)
    assert cause == "waits to change until PostgreSQL at localhost offers TLS"
    assert asked == [b"\x00\x00\x00\x08\x04\xd2\x16\x2f"]


def test_it_changes_once_the_server_offers_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(monkeypatch, b"S"):
        assert encryption.lacking(compose("ca"), SECRETS) == ""


def test_a_node_without_the_ca_is_no_client() -> None:
    assert encryption.lacking(compose("postgres-debezium", host="nowhere.invalid"), SECRETS) == ""


def test_a_server_that_does_not_answer_holds_nothing_up() -> None:
    assert encryption.lacking(compose("ca", host="nowhere.invalid"), SECRETS) == ""
