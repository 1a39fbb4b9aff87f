"""The client of the Spark master, against a real HTTP server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import certifi
import pytest
from stream.cluster import ClusterError, ClusterState, SparkCluster

MASTER = {
    "status": "ALIVE",
    "workers": [{"state": "ALIVE"}, {"state": "DEAD"}],
    "activedrivers": [
        {"id": "driver-2", "state": "RUNNING"},
        {"id": "driver-1", "state": "SUBMITTED"},
        {"id": "driver-0", "state": "RELAUNCHING"},
    ],
    "activeapps": [{"name": "stream-j1"}, {"name": "somebody else's"}],
}


class Master(ThreadingHTTPServer):
    """`answers`: path → (status, body)."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, tuple[int, str]] = {}
        self.authorizations: list[str] = []


class Handler(BaseHTTPRequestHandler):
    server: Master

    def do_GET(self) -> None:
        status, body = self.server.answers[self.path]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def do_POST(self) -> None:
        self.server.authorizations.append(self.headers["Authorization"])
        self.do_GET()

    def do_DELETE(self) -> None:
        self.do_POST()

    def log_message(self, *args: object) -> None:
        """Silent."""


@pytest.fixture
def master() -> Iterator[Master]:
    with Master() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    (tmp_path / "spark-submit").write_text("the-token\n")
    (tmp_path / "ca").write_text(Path(certifi.where()).read_text())
    return tmp_path


@pytest.fixture
def cluster(master: Master, secrets: Path) -> SparkCluster:
    url = f"http://127.0.0.1:{master.server_port}"
    return SparkCluster(url, url, secrets)


def test_the_state_has_live_drivers_and_workers_and_applications_of_the_job(
    master: Master, cluster: SparkCluster
) -> None:
    master.answers["/json/"] = (200, json.dumps(MASTER))
    assert cluster.state() == ClusterState("ALIVE", 1, ("driver-1", "driver-2"), ("stream-j1",))


def test_a_submission_returns_the_id_of_the_driver(master: Master, cluster: SparkCluster) -> None:
    answer = {"success": True, "driver": "driver-7", "message": ""}
    master.answers["/drivers/r1/j1"] = (200, json.dumps(answer))
    assert cluster.submit("r1", "j1") == "driver-7"
    assert master.authorizations == ["Bearer the-token"]


def test_a_refused_submission_has_the_message_of_the_master(
    master: Master, cluster: SparkCluster
) -> None:
    answer = {"success": False, "message": "no workers"}
    master.answers["/drivers/r1/j1"] = (200, json.dumps(answer))
    with pytest.raises(ClusterError, match="spark-master refuses the submission: no workers"):
        cluster.submit("r1", "j1")


def test_a_wrong_token_is_an_error(master: Master, cluster: SparkCluster) -> None:
    answer = {"success": False, "driver": "", "message": "a bearer token is needed"}
    master.answers["/drivers/r1/j1"] = (401, json.dumps(answer))
    with pytest.raises(ClusterError, match="answers HTTP 401: a bearer token is needed"):
        cluster.submit("r1", "j1")


def test_killing_a_driver_that_does_not_exist_succeeds(
    master: Master, cluster: SparkCluster
) -> None:
    answer = json.dumps({"success": False, "message": "not found"})
    master.answers["/drivers/driver-7"] = (200, answer)
    cluster.kill("driver-7")


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (200, "<html>", "answers HTTP 200 without JSON"),
        (500, '{"message": "recovering"}', "answers HTTP 500: recovering"),
    ],
)
def test_an_unusable_answer_names_the_master(
    master: Master, cluster: SparkCluster, status: int, body: str, message: str
) -> None:
    master.answers["/json/"] = (status, body)
    with pytest.raises(ClusterError, match=f"spark-master: .*{message}"):
        cluster.state()


def test_a_master_that_does_not_listen_is_named() -> None:
    with pytest.raises(ClusterError, match=r"spark-master: .* does not answer \(ConnectionError\)"):
        SparkCluster("http://127.0.0.1:9").state()


def test_an_unusable_certificate_names_its_remedy(master: Master, secrets: Path) -> None:
    cluster = SparkCluster("", f"https://127.0.0.1:{master.server_port}", secrets)
    with pytest.raises(ClusterError, match=r"its certificate is not accepted: make up renews it"):
        cluster.kill("driver-1")


@pytest.mark.parametrize("name", ["spark-submit", "ca"])
def test_a_missing_secret_is_named(cluster: SparkCluster, secrets: Path, name: str) -> None:
    (secrets / name).unlink()
    with pytest.raises(ClusterError, match=rf"{name} is missing\. Run make up"):
        cluster.kill("driver-1")
