"""Requests to AWS services, answered by an HTTP server of the test."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs

import pytest

from node.aws import metadata
from node.aws.client import Aws
from node.aws.cloudwatch import CloudWatch
from node.aws.s3 import S3Bucket
from node.aws.secrets_manager import SecretsManager
from node.aws.sigv4 import Credentials
from node.errors import AwsError


class Handler(BaseHTTPRequestHandler):
    """Answers with `answers`, by method and path, or else 404; remembers what was requested."""

    answers: ClassVar[dict[tuple[str, str], tuple[int, bytes]]] = {}
    requests: ClassVar[list[tuple[str, str, dict[str, str], bytes]]] = []

    def _answer(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        self.requests.append((self.command, self.path, headers, body))
        status, content = self.answers.get((self.command, self.path), (404, b""))
        self.send_response(abs(status))
        # a negative status announces more than is sent
        self.send_header("Content-Length", str(len(content) + (1000 if status < 0 else 0)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_DELETE = _answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Keep the test's output short."""


@pytest.fixture
def server() -> Iterator[str]:
    Handler.answers, Handler.requests = {}, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def aws(server: str) -> Aws:
    return Aws("eu-central-1", Credentials("AKID", "secret", "session"), server)


def test_credentials_need_a_token(server: str) -> None:
    role = "/latest/meta-data/iam/security-credentials/"
    keys = {"AccessKeyId": "a", "SecretAccessKey": "b", "Token": "c"}
    Handler.answers = {
        ("PUT", "/latest/api/token"): (200, b"a token"),
        ("GET", role): (200, b"kafka"),
        ("GET", f"{role}kafka"): (200, json.dumps(keys).encode()),
    }
    assert metadata.credentials(server) == Credentials("a", "b", "c")
    put, *gets = Handler.requests
    assert put[2]["x-aws-ec2-metadata-token-ttl-seconds"] == "60"
    assert [headers["x-aws-ec2-metadata-token"] for _, _, headers, _ in gets] == ["a token"] * 2


def test_reads_and_puts_an_object(aws: Aws) -> None:
    Handler.answers = {
        ("GET", "/artifacts/releases/state"): (200, b"current a\n"),
        ("PUT", "/artifacts/releases/s.json"): (200, b""),
    }
    bucket = S3Bucket(aws, "artifacts")
    assert bucket.read("releases/state") == b"current a\n"
    bucket.put("releases/s.json", b"{}")
    (_, _, headers, _), (_, _, _, body) = Handler.requests
    assert headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKID/")
    assert "/eu-central-1/s3/aws4_request" in headers["authorization"]
    assert headers["x-amz-security-token"] == "session"
    assert body == b"{}"


def test_missing_object_is_refused(aws: Aws) -> None:
    with pytest.raises(AwsError) as raised:
        S3Bucket(aws, "artifacts").read("images/kafka.tar.gz")
    assert raised.value.refused
    assert raised.value.status == 404
    assert "GET /artifacts/images/kafka.tar.gz" in raised.value.cause


@pytest.mark.parametrize(("status", "created"), [(200, True), (409, False), (412, False)])
def test_creates_an_object_only_if_it_is_absent(aws: Aws, status: int, created: bool) -> None:
    Handler.answers = {("PUT", "/artifacts/roll/lease"): (status, b"")}
    assert S3Bucket(aws, "artifacts").create("roll/lease", b"kafka-1") is created
    [(_, _, headers, body)] = Handler.requests
    assert headers["if-none-match"] == "*"
    assert "if-none-match" in headers["authorization"].partition("SignedHeaders=")[2]
    assert body == b"kafka-1"


def test_object_that_cannot_be_created_is_an_error(aws: Aws) -> None:
    Handler.answers = {("PUT", "/artifacts/roll/lease"): (503, b"")}
    with pytest.raises(AwsError, match="503"):
        S3Bucket(aws, "artifacts").create("roll/lease", b"kafka-1")


def test_deletes_an_object(aws: Aws) -> None:
    Handler.answers = {("DELETE", "/artifacts/roll/lease"): (204, b"")}
    S3Bucket(aws, "artifacts").delete("roll/lease")
    [(method, path, _, _)] = Handler.requests
    assert (method, path) == ("DELETE", "/artifacts/roll/lease")


def test_object_that_ends_early_is_an_error(aws: Aws) -> None:
    Handler.answers = {("GET", "/artifacts/nodes/kafka-1.json"): (-200, b"{")}
    with pytest.raises(AwsError) as raised:
        S3Bucket(aws, "artifacts").read("nodes/kafka-1.json")
    assert not raised.value.refused


def test_service_that_does_not_answer() -> None:
    aws = Aws("eu-central-1", Credentials("a", "b", ""), "http://127.0.0.1:1")
    with pytest.raises(AwsError) as raised:
        S3Bucket(aws, "artifacts").read("releases/state")
    assert (raised.value.service, raised.value.refused) == ("s3", False)


def test_reads_a_secret(aws: Aws) -> None:
    Handler.answers = {("POST", "/"): (200, b'{"SecretString": "s3cret"}')}
    assert SecretsManager(aws).secret("riada/connect-rest") == "s3cret"
    [(_, _, headers, body)] = Handler.requests
    assert headers["x-amz-target"] == "secretsmanager.GetSecretValue"
    assert headers["content-type"] == "application/x-amz-json-1.1"
    assert json.loads(body) == {"SecretId": "riada/connect-rest"}


@pytest.mark.parametrize(("status", "calls"), [(200, 2), (400, 2)])
def test_logs_a_message(aws: Aws, status: int, calls: int) -> None:
    """400 is the answer for a stream that exists; here the second call gets it too."""
    Handler.answers = {("POST", "/"): (status, b"{}")}
    watch = CloudWatch(aws, "riada/demo", "/demo/nodes", "kafka-1")
    if status == 200:
        watch.log("ready")
    else:
        with pytest.raises(AwsError):
            watch.log("ready")
    targets = [headers["x-amz-target"] for _, _, headers, _ in Handler.requests]
    assert targets == ["Logs_20140328.CreateLogStream", "Logs_20140328.PutLogEvents"][:calls]
    event = json.loads(Handler.requests[-1][3])
    assert (event["logGroupName"], event["logStreamName"]) == ("/demo/nodes", "kafka-1")
    assert event["logEvents"][0]["message"] == "ready"


def test_puts_metrics(aws: Aws) -> None:
    Handler.answers = {("POST", "/"): (200, b"")}
    watch = CloudWatch(aws, "riada/demo", "/demo/nodes", "kafka-1")
    watch.measure({"Ready": (1.0, "None"), "DiskUsed": (37, "Percent")})
    [(_, _, _, body)] = Handler.requests
    form = {name: value for name, [value] in parse_qs(body.decode()).items()}
    assert form["Namespace"] == "riada/demo"
    assert form["MetricData.member.1.MetricName"] == "Ready"
    assert form["MetricData.member.1.Value"] == "1"
    assert form["MetricData.member.2.Value"] == "37"
    assert form["MetricData.member.2.Unit"] == "Percent"
    assert form["MetricData.member.2.Dimensions.member.1.Value"] == "kafka-1"


def test_puts_a_metric_of_the_installation(aws: Aws) -> None:
    Handler.answers = {("POST", "/"): (200, b"")}
    watch = CloudWatch(aws, "riada/demo", "/demo/nodes", "kafka-1")
    watch.measure({"RollWait": (60.0, "Seconds")}, shared=True)
    [(_, _, _, body)] = Handler.requests
    assert "Dimensions" not in body.decode()
