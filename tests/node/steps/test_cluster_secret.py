"""A worker's node changes once Spark's master authenticates. tests/docker/test_spark_attacks.py
asks a real master."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from node.steps.cluster_secret import REQUEST, lacking

SECRETS = Path("/run/riada/secrets")


def compose(*secrets: str, master: str = "") -> str:
    service = {
        "container_name": "riada-spark-worker-1",
        "image": "riada/spark:1",
        "environment": {"SPARK_MASTER_URL": master, "HEAP": None} if master else {},
        "volumes": [{"source": str(SECRETS / name)} for name in secrets],
    }
    return json.dumps({"services": {"spark-worker-1": service}})


@contextmanager
def server(answer: bytes) -> Iterator[str]:
    """Answers one request; its URL."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            assert connection.recv(64) == REQUEST
            connection.sendall(answer)

    with socket.create_server(("localhost", 0)) as listener:
        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"spark://localhost:{listener.getsockname()[1]}"
        thread.join(10)


def test_it_waits_while_the_master_takes_requests_of_everybody() -> None:
    with server(b"\x00\x05java.io.EOFException\n") as master:
        cause = lacking(compose("spark-rpc", master=master), SECRETS)
    assert cause == "waits to change until Spark's master at localhost authenticates"


@pytest.mark.parametrize("answer", [b"\x00\x05IllegalArgumentException: Unknown challenge", b""])
def test_it_changes_once_the_master_authenticates(answer: bytes) -> None:
    with server(answer) as master:
        assert lacking(compose("spark-rpc", master=master), SECRETS) == ""


@pytest.mark.parametrize("secrets", [("ca",), ()])
def test_a_node_without_the_secret_has_no_worker(secrets: tuple[str, ...]) -> None:
    assert lacking(compose(*secrets, master="spark://nowhere.invalid:7077"), SECRETS) == ""


@pytest.mark.parametrize("master", ["", "spark://nowhere.invalid:7077"])
def test_a_master_that_does_not_answer_holds_nothing_up(master: str) -> None:
    """The master's own node has the secret too, and no address."""
    assert lacking(compose("spark-rpc", master=master), SECRETS) == ""
