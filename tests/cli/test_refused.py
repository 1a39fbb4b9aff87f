"""An option or a setting with a bad value is refused before anything is done."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from cli.host.paths import ROOT


def cli(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        cwd=ROOT,
        env={**os.environ, "PROJECT": "riada-nobody", **variables},
        text=True,
        capture_output=True,
    )


@pytest.mark.parametrize(
    ("command", "setting", "value", "expected"),
    [
        ("smoke-test", "ROWS", "0", "a positive integer"),
        ("smoke-test", "ROWS", "some", "a positive integer"),
        ("smoke-test", "PATIENCE", "0", "an integer from 1 to 20"),
        ("smoke-test", "PATIENCE", "21", "an integer from 1 to 20"),
        ("bench", "WARM_UP_ROWS", "-1", "zero or a positive integer"),
        ("test-platform", "NODES", "2", "1 or 3"),
        ("machines", "KIND", "real", "machine or uml"),
        ("localstack", "LOCALSTACK_PORT", "65536", "an integer from 1 to 65535"),
        ("urls", "BROKERS", "0", "1 or 3"),
        ("doctor", "BROKERS", "2", "1 or 3"),
        ("up", "BROKERS", "2", "1 or 3"),
        ("urls", "KAFKA_PORT", "none", "an integer from 1024 to 65535"),
        ("urls", "KAFKA_PORT", "1023", "an integer from 1024 to 65535"),
        ("urls", "KAFKA_PORT", "65536", "an integer from 1024 to 65535"),
        ("status", "TARGET", "azure", "local or aws"),
    ],
)
def test_refused(command: str, setting: str, value: str, expected: str) -> None:
    done = cli(command, **{setting: value})
    assert done.returncode == 1
    assert f"error: {setting} must be {expected}, got {value}\n" in done.stderr
    assert f"remedy: for example {setting}=" in done.stderr


@pytest.mark.parametrize("json_", ["", "1"])
def test_make_ends_with_2_where_the_command_ends_with_1(json_: str) -> None:
    environment = {**os.environ, "PROJECT": "riada-nobody", "JSON": json_}
    made = subprocess.run(["make", "passwords"], cwd=ROOT, env=environment, capture_output=True)
    assert (made.returncode, cli("passwords", JSON=json_).returncode) == (2, 1)


def test_an_option_is_refused_by_the_name_that_was_written() -> None:
    done = cli("smoke-test", "--rows", "0", ROWS="7")
    assert done.returncode == 1
    assert "error: --rows must be a positive integer, got 0\n" in done.stderr


def test_json_has_code_error_and_remedy() -> None:
    done = cli("smoke-test", ROWS="0", JSON="1")
    assert json.loads(done.stdout) == {
        "ok": False,
        "code": "invalid",
        "component": "",
        "error": "ROWS must be a positive integer, got 0",
        "remedy": "for example ROWS=5000",
    }
