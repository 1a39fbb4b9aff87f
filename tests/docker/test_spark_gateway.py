"""The gateway submits and kills drivers of the project's job, for who has the token, by TLS 1.3. No
page of Spark changes anything or shows the secret."""

from __future__ import annotations

import socket
import ssl
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from cli.host import docker
from tests.docker.conftest import SPARK_CERTIFICATE, Container, Start, certify
from tests.docker.spark import JOB, NAME, RELEASE, Cluster, ask, guarded
from tests.harness.wait import eventually


@pytest.fixture(scope="module")
def cluster(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    return guarded(start, tmp_path_factory.mktemp("artifacts"))


@pytest.fixture(scope="module")
def driver(cluster: Cluster, secrets: Path) -> str:
    """The job runs by this driver."""
    answer = ask(cluster, secrets, "POST", f"/drivers/{RELEASE}/{JOB}")
    assert answer["success"], answer
    eventually(
        lambda: [each["name"] for each in cluster.state()["activeapps"]] == [NAME], "the job", 90
    )
    return str(answer["driver"])


@pytest.fixture(scope="module")
def visitor(start: Start) -> Container:
    """A container beside the others, without secrets."""
    return start("spark", "visitor", command=("sleep", "infinity"), trusted=False)


def refusal(cluster: Cluster, secrets: Path, *request: str) -> tuple[int, str]:
    """Status and text of an answer that must be an error."""
    with pytest.raises(urllib.error.HTTPError) as error:
        ask(cluster, secrets, *request)
    with error.value as answer:
        return answer.code, answer.read().decode()


def test_a_job_runs_with_authentication_and_encryption(cluster: Cluster, driver: str) -> None:
    eventually(lambda: "driver | groups: 1000" in cluster.worker.logs(), "it shuffles", 120)
    assert cluster.drivers() == {driver: "RUNNING"}
    command = cluster.worker.run("ps", "-ww", "-eo", "args").stdout
    assert f"--name {NAME} /artifacts/jobs/{JOB}/spark/main.py --release {RELEASE}" in command
    environments = cluster.worker.run("bash", "-c", "cat /proc/[0-9]*/environ").stdout
    assert "SPARK_CONF_DIR=/dev/shm/spark" in environments
    assert "secret-of-" not in command + environments


@pytest.mark.parametrize("token", ["", "wrong", "secret-of-spark-rpc", "secret-of-spark-submit2"])
def test_without_the_token_it_refuses(cluster: Cluster, secrets: Path, token: str) -> None:
    for method, path in (("POST", f"/drivers/{RELEASE}/{JOB}"), ("DELETE", "/drivers/driver-1")):
        assert refusal(cluster, secrets, method, path, token)[0] == 401
    assert f"POST /drivers/{RELEASE}/{JOB} from " in cluster.master.logs()
    assert "refused: a bearer token is needed" in cluster.master.logs()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/submissions/create"),
        ("POST", "/drivers/0123456789ab/..%2F..%2Ftmp%2F"),
        ("POST", "/drivers/0123456789ab/../../tmp"),
        ("POST", f"/drivers/{RELEASE}/{JOB}/"),
        ("POST", f"/drivers/{RELEASE}%0a/{JOB}"),
        ("POST", f"/drivers/{RELEASE}/{JOB}%20--conf"),
        ("GET", f"/drivers/{RELEASE}/{JOB}"),
        ("DELETE", "/drivers/app-20261128000000-0000"),
    ],
)
def test_with_the_token_nothing_else_can_be_run(
    cluster: Cluster, secrets: Path, method: str, path: str
) -> None:
    status, text = refusal(cluster, secrets, method, path)
    assert (status, "only POST" in text) == (404, True)


def test_clear_text_is_refused(cluster: Cluster) -> None:
    with socket.create_connection(("localhost", cluster.master.port(6066)), 10) as connection:
        connection.sendall(b"POST /drivers/1/1 HTTP/1.1\r\nHost: spark-master\r\n\r\n")
        assert not connection.recv(100).startswith(b"HTTP/1.1 2")


def test_tls_1_2_is_refused(cluster: Cluster, secrets: Path) -> None:
    context = ssl.create_default_context(cafile=secrets / "ca")
    assert _certificate(cluster, context)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError):  # the end of the connection, without an alert
        _certificate(cluster, context)


def test_a_client_of_another_authority_refuses_it(cluster: Cluster, tmp_path: Path) -> None:
    certify(tmp_path, SPARK_CERTIFICATE)
    with pytest.raises(ssl.SSLCertVerificationError):
        _certificate(cluster, ssl.create_default_context(cafile=tmp_path / "ca"))


def test_no_page_kills_anything(cluster: Cluster, visitor: Container, driver: str) -> None:
    [application] = cluster.state()["activeapps"]
    forms = {
        "driver/kill/": {"id": driver, "terminate": "true"},
        "app/kill/": {"id": application["id"], "terminate": "true"},
        "workers/kill/": {"host": "spark-worker-1"},
    }
    for page, fields in forms.items():
        form = urllib.parse.urlencode(fields)
        visitor.run("curl", "-sS", "-d", form, f"http://spark-master:8080/{page}")
    state = cluster.state()
    assert cluster.drivers() == {driver: "RUNNING"}
    assert [each["id"] for each in state["activeapps"]] == [application["id"]]
    assert cluster.workers() == ["spark-worker-1"]
    assert "(kill)" not in visitor.run("curl", "-sS", "http://spark-master:8080").stdout


def test_no_page_shows_the_secret(cluster: Cluster, visitor: Container, driver: str) -> None:
    [application] = cluster.state()["activeapps"]
    ui = "http://spark-worker-1:4040"
    api = f"{ui}/api/v1/applications/{application['id']}"
    pages = {
        page: visitor.run("curl", "-sS", page).stdout
        for page in (
            "http://spark-master:8080",
            "http://spark-worker-1:8081",
            f"{ui}/environment/",
            f"{ui}/executors/",
            f"{api}/environment",
            f"{api}/executors/driver/threads",
        )
    }
    assert all(pages.values()), [page for page, text in pages.items() if not text]
    assert "spark.authenticate.secret" in pages[f"{api}/environment"], "the setting is listed"
    for page, text in pages.items():
        assert "secret-of-" not in text, page


def test_the_secret_is_in_no_setting_and_no_log(cluster: Cluster, driver: str) -> None:
    for container in (cluster.master, cluster.worker):
        assert "secret-of-" not in docker.ask("inspect", container.name)
        assert "secret-of-" not in container.logs()
    state = cluster.master.run("grep", "-rc", "secret-of-", "/var/lib/spark").stdout
    assert state, "the master keeps its state"
    assert all(line.endswith(":0") for line in state.splitlines()), state


def test_the_token_ends_a_driver_for_good(cluster: Cluster, secrets: Path, driver: str) -> None:
    assert ask(cluster, secrets, "DELETE", f"/drivers/{driver}")["success"]
    eventually(lambda: not cluster.drivers(), "the driver is gone", 60)
    again = ask(cluster, secrets, "DELETE", f"/drivers/{driver}")
    assert not again["success"], "it no longer exists"


def test_a_renewed_certificate_is_used_without_a_restart(cluster: Cluster, secrets: Path) -> None:
    context = ssl.create_default_context(cafile=secrets / "ca")
    before = _certificate(cluster, context)
    certify(secrets, f"{SPARK_CERTIFICATE},renewed")
    assert _certificate(cluster, context)["serialNumber"] != before["serialNumber"]


@pytest.mark.parametrize("missing", ["spark-rpc", "spark-submit", "tls-spark-master"])
def test_without_its_secrets_a_master_does_not_start(
    start: Start, secrets: Path, missing: str, tmp_path: Path
) -> None:
    for file in secrets.iterdir():
        if file.name not in (missing, "ca-key"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    tmp_path.chmod(0o755)
    options = ("--volume", f"{tmp_path}:/run/secrets:ro", "-e", "SPARK_DRIVER_MEMORY_MIB=512")
    name = f"without-{missing}"
    master = start("spark", name, *options, command=("master",), trusted=False)
    eventually(lambda: not master.running(), "it ends", 90)
    assert missing in master.logs()


def _certificate(cluster: Cluster, context: ssl.SSLContext) -> dict[str, Any]:
    address = ("localhost", cluster.master.port(6066))
    with (
        socket.create_connection(address, 10) as connection,
        context.wrap_socket(connection, server_hostname="localhost") as secured,
    ):
        return dict(secured.getpeercert() or {})
