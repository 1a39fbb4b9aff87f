"""make upload: what is sent to the bucket, and what is not sent again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from cli.commands import upload
from cli.commands.upload import PACKAGES_KEY, VERSIONS_KEY, Options
from cli.host import aws_cli
from cli.host.errors import CliError, SettingError
from cli.installations import aws, versions
from tests.cli.bucket import MemoryBucket

OUTPUTS = {
    "bucket": "the-bucket",
    "images": {"connect": "riada/connect:1", "kafka": "riada/kafka:1"},
}


class Upload:
    """`built`: names of images that were built."""

    def __init__(self) -> None:
        self.bucket = MemoryBucket()
        self.built: list[str] = []


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Upload:
    platform = Upload()
    (tmp_path / ".riada").mkdir()
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, script in {"docker": "echo $*", "gzip": "cat"}.items():
        (programs / name).write_text(f"#!/bin/bash\n{script}\n")
        (programs / name).chmod(0o755)

    def build(command: Sequence[str], remedy: str) -> None:
        platform.built += command[1:]

    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("JSON", "1")
    monkeypatch.setattr(aws_cli, "aws", platform.bucket.aws)
    monkeypatch.setattr(aws, "output", OUTPUTS.__getitem__)
    monkeypatch.setattr(upload, "ROOT", tmp_path)
    monkeypatch.setattr(upload, "stream", build)
    monkeypatch.setattr(upload, "capture", lambda command: "")
    return platform


def sent(capsys: pytest.CaptureFixture[str], agent: str = "") -> list[str]:
    """Keys that the command says it has sent."""
    assert upload.run(Options(agent)) == 0
    report = json.loads(capsys.readouterr().out)
    keys: list[str] = report["sent"]
    return keys


def test_packages_and_images_are_sent_once(
    platform: Upload, capsys: pytest.CaptureFixture[str]
) -> None:
    images = ["images/riada-connect-1.tar.gz", "images/riada-kafka-1.tar.gz"]
    assert sent(capsys) == [PACKAGES_KEY, *images]
    assert platform.built == ["connect", "kafka"]
    assert platform.bucket.objects[images[0]] == b"save riada/connect:1\n"
    assert sent(capsys) == []
    assert len(platform.bucket.changes) == 4


def test_an_older_release_sends_nothing(platform: Upload) -> None:
    newer = replace(versions.current(), riada="9.0.0", format=versions.FORMAT + 1)
    platform.bucket.objects[VERSIONS_KEY] = newer.to_json().encode()
    with pytest.raises(CliError, match=r"bucket the-bucket has data of Riada 9\.0\.0"):
        upload.run(Options())
    assert platform.bucket.changes == []


def test_only_missing_images_are_sent(platform: Upload, capsys: pytest.CaptureFixture[str]) -> None:
    sent(capsys)
    del platform.bucket.objects["images/riada-kafka-1.tar.gz"]
    platform.built.clear()
    assert sent(capsys) == ["images/riada-kafka-1.tar.gz"]
    assert platform.built == ["kafka"]


def test_packages_with_another_recipe_are_sent_again(
    platform: Upload, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sent(capsys)
    agent = tmp_path / "agent.deb"
    agent.write_text("agent 1")
    assert sent(capsys, str(agent)) == [PACKAGES_KEY]
    assert f"{agent}:/agent.deb:ro" in platform.bucket.objects[PACKAGES_KEY].decode()
    assert sent(capsys, str(agent)) == []
    agent.write_text("agent 2")
    assert sent(capsys, str(agent)) == [PACKAGES_KEY]


def test_an_agent_must_be_a_file(platform: Upload) -> None:
    with pytest.raises(SettingError, match="SSM_AGENT must be a file, got nonesuch"):
        upload.run(Options("nonesuch"))
    assert platform.bucket.changes == []


def test_incomplete_output_is_not_sent(platform: Upload) -> None:
    with pytest.raises(CliError, match="the-key cannot be made: no space") as raised:
        upload.send("echo half; echo no space >&2; exit 1", "the-bucket", "the-key")
    assert platform.bucket.objects == {}
    assert raised.value.remedy == "make upload again"
