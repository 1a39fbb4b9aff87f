"""The installation on AWS: addresses from Terraform's outputs, port forwards, secrets."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.host import aws_cli
from cli.host.errors import CliError
from cli.installations import aws
from cli.installations.aws import AwsInstallation

ENDPOINT = {"address": "10.0.0.7", "port": 8080, "instance": "i-0123"}

# Replaces `aws`: listens on the local port, as the plugin of Session Manager does.
SESSION = """#!/usr/bin/env python3
import socket, sys, time
ports = dict(pair.split("=") for pair in sys.argv[-1].split(","))
assert sys.argv[1:5] == ["ssm", "start-session", "--target", "i-0123"], sys.argv
assert ports["portNumber"] == "8080"
with socket.create_server(("127.0.0.1", int(ports["localPortNumber"]))):
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _outputs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(
        aws, "output", {"service_endpoints": {"control-center": ENDPOINT}}.__getitem__
    )
    monkeypatch.delenv("REACH", raising=False)
    aws._forward.cache_clear()
    yield
    aws._forward.cache_clear()


def program(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> None:
    path = folder / "aws"
    path.write_text(text)
    path.chmod(0o755)
    monkeypatch.setattr(aws_cli, "command", lambda: str(path))


def test_a_service_is_reached_through_a_session(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program(monkeypatch, tmp_path, SESSION)
    url = AwsInstallation("mine", {}).url("control-center")
    assert url.startswith("http://127.0.0.1:")
    socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))).close()
    assert AwsInstallation("mine", {}).url("control-center") == url, "one session is enough"


def test_inside_the_network_the_address_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REACH", "direct")
    assert AwsInstallation("mine", {}).url("control-center") == "http://10.0.0.7:8080"


def test_a_session_that_ends_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(monkeypatch, tmp_path, "#!/bin/bash\necho TargetNotConnected; exit 254\n")
    with pytest.raises(CliError, match="aws: no session with i-0123: TargetNotConnected") as raised:
        AwsInstallation("mine", {}).url("control-center")
    assert "REACH=direct" in raised.value.remedy


def test_a_secret_is_read_from_secrets_manager(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = '#!/bin/bash\n[[ "$*" == *"--secret-id mine/airflow-admin "* ]] && echo " s3cret "\n'
    program(monkeypatch, tmp_path, script)
    assert AwsInstallation("mine", {}).secret("airflow-admin") == "s3cret"


def test_a_failing_command_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(monkeypatch, tmp_path, "#!/bin/bash\necho AccessDenied >&2; exit 255\n")
    expected = "aws: secretsmanager get-secret-value failed: AccessDenied"
    with pytest.raises(CliError, match=expected) as raised:
        AwsInstallation("mine", {}).secret("airflow-admin")
    assert "get-caller-identity" in raised.value.remedy


def test_keys_are_listed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(monkeypatch, tmp_path, "#!/bin/bash\necho '[\"images/a\"]'\n")
    assert aws_cli.list_keys("the-bucket", "images/") == ["images/a"]
    program(monkeypatch, tmp_path, "#!/bin/bash\necho null\n")
    assert aws_cli.list_keys("the-bucket", "images/") == []
