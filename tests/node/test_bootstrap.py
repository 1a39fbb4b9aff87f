"""The program is installed only with the hash that the bucket names, and a new one follows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from node import bootstrap
from node.aws.client import Aws
from node.aws.sigv4 import Credentials
from node.bootstrap import install, update
from node.errors import AwsError

CONTENT = json.dumps({"node/__init__.py": "", "node/a.py": "A = 'Ä'\n"}).encode()
SHA256 = hashlib.sha256(CONTENT).hexdigest()
KEY = "program/current.json"


def test_installs_the_files(tmp_path: Path) -> None:
    install(CONTENT, SHA256, tmp_path / SHA256)
    assert (tmp_path / SHA256 / "node/a.py").read_text(encoding="utf-8") == "A = 'Ä'\n"
    assert [path.name for path in tmp_path.iterdir()] == [SHA256]


def test_refuses_content_with_another_hash(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        install(CONTENT + b" ", SHA256, tmp_path / SHA256)
    assert not list(tmp_path.iterdir())


def test_replaces_the_remains_of_an_interrupted_run(tmp_path: Path) -> None:
    (tmp_path / f"{SHA256}.draft/node").mkdir(parents=True)
    (tmp_path / f"{SHA256}.draft/node/old.py").touch()
    install(CONTENT, SHA256, tmp_path / SHA256)
    assert not (tmp_path / SHA256 / "node/old.py").exists()


class MemoryBucket:
    """Key → content; without `answers` no request succeeds."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.answers = True

    def read(self, key: str) -> bytes:
        if not self.answers:
            raise AwsError("s3", 0, "timed out")
        return self.objects[key]

    def publish(self, content: bytes, sha256: str = "") -> str:
        """Make a version the current one; its hash."""
        sha256 = sha256 or hashlib.sha256(content).hexdigest()
        self.objects["program/1.json"] = content
        current = {"key": "program/1.json", "sha256": sha256}
        self.objects[KEY] = json.dumps(current).encode()
        return sha256


def test_a_new_version_replaces_the_former_one(tmp_path: Path) -> None:
    bucket = MemoryBucket()
    for content in (CONTENT, CONTENT + b" "):
        sha256 = bucket.publish(content)
        for _ in range(2):
            update(bucket.read, KEY, tmp_path)
        assert (tmp_path / "current").readlink() == Path(sha256)
        assert (tmp_path / "current/node/a.py").exists()
        assert {path.name for path in tmp_path.iterdir()} == {"current", sha256}


@pytest.mark.parametrize("sha256", ["0" * 64, "../../etc", ""])
def test_the_former_version_stays_if_the_new_one_is_not_as_described(
    tmp_path: Path, sha256: str
) -> None:
    bucket = MemoryBucket()
    former = bucket.publish(CONTENT)
    update(bucket.read, KEY, tmp_path)
    current = {"key": "program/1.json", "sha256": sha256}
    bucket.objects[KEY] = json.dumps(current).encode()
    with pytest.raises(ValueError, match="SHA-256"):
        update(bucket.read, KEY, tmp_path)
    assert (tmp_path / "current").readlink() == Path(former)
    assert {path.name for path in tmp_path.iterdir()} == {"current", former}


@pytest.mark.parametrize(("installed", "status"), [(True, 0), (False, 1)])
def test_an_installed_program_runs_while_aws_does_not_answer(
    environment: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    installed: bool,
    status: int,
) -> None:
    if installed:
        bucket = MemoryBucket()
        bucket.publish(CONTENT)
        update(bucket.read, KEY, tmp_path / "versions")
    monkeypatch.setattr("sys.argv", ["bootstrap", str(tmp_path / "versions")])
    settings = {"REGION": "", "BUCKET": "", "PROGRAM_KEY": KEY}
    monkeypatch.setattr("os.environ", environment | settings)

    def refuse(region: str) -> Aws:
        raise AwsError("metadata", 0, "timed out")

    monkeypatch.setattr(bootstrap, "from_environment", refuse)
    assert bootstrap.main() == status


class LoggingAws(Aws):
    """Accepts every call, except of a service that does not answer."""

    def __init__(self, answers: bool = True) -> None:
        super().__init__("eu-central-1", Credentials("", "", ""))
        self.answers = answers
        self.calls: list[tuple[str, Mapping[str, object]]] = []

    def call(self, service: str, target: str, parameters: Mapping[str, object]) -> bytes:
        if not self.answers:
            raise AwsError(service, 0, "timed out")
        self.calls.append((target.partition(".")[2], parameters))
        return b"{}"


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(bootstrap, "LAST", tmp_path / "run/riada/message")
    return {"NODE": "kafka-1", "LOG_GROUP": "/demo/nodes"}


def test_a_missing_program_is_reported_once_also_to_cloudwatch(
    environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    aws = LoggingAws()
    for _ in range(2):
        bootstrap.report(environment, aws, "not ready")
    assert capsys.readouterr().out == "riada-node: kafka-1: not ready\n"
    [_, (target, event)] = aws.calls
    assert (target, event["logGroupName"], event["logStreamName"]) == (
        "PutLogEvents",
        "/demo/nodes",
        "kafka-1",
    )


@pytest.mark.parametrize("aws", [None, LoggingAws(answers=False)])
def test_the_console_has_the_message_without_cloudwatch(
    environment: dict[str, str], capsys: pytest.CaptureFixture[str], aws: Aws | None
) -> None:
    bootstrap.report(environment, aws, "not ready")
    assert capsys.readouterr().out == "riada-node: kafka-1: not ready\n"
