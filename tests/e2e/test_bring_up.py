"""`make up` ends with a row in Cassandra, and a second `make up` changes nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from cli.host import docker
from cli.host.paths import ROOT
from cli.installations.local import Installation
from tests.harness.platform import Platform
from tests.harness.settings import ENVIRONMENT, KEEP
from tests.harness.wait import eventually


@pytest.mark.skipif(KEEP, reason="KEEP is set: the tests use the running platform")
@pytest.mark.timeout(1800)
def test_ctrl_c_in_the_middle_ends_with_130(installation: Installation) -> None:
    """The next `make up`, of the following tests, completes what this one leaves."""
    up = subprocess.Popen(
        [sys.executable, "-m", "cli", "up"],
        cwd=ROOT,
        env={**os.environ, **ENVIRONMENT},
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        # A shell's background jobs ignore SIGINT, and so would their children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert up.stdout
    output = []
    for line in up.stdout:
        output.append(line)
        if "3/5 containers …" in line:
            break
    eventually(
        lambda: docker.named("container", installation.project), "the first container", 60, 0.1
    )
    os.killpg(up.pid, signal.SIGINT)
    output.append(up.communicate(timeout=120)[0])
    assert up.returncode == 130, "".join(output)
    assert "the same command again continues" in output[-1]


def _container_starts(platform: Platform) -> dict[str, tuple[str, str]]:
    """Container → its id and the time of its start."""
    names = docker.named("container", platform.installation.project)
    return {
        container["Name"]: (container["Id"], container["State"]["StartedAt"])
        for container in docker.inspect(*names)
    }


def test_second_up_recreates_nothing(platform: Platform) -> None:
    before = _container_starts(platform)
    done = platform.command("up", JSON="1")
    assert done.returncode == 0, done.stderr
    assert _container_starts(platform) == before
    trace = json.loads(done.stdout)
    assert trace["arrived"]
    assert trace["kafka"]["offset"] >= 0
    assert trace["milliseconds"]["commit_to_readable"] > 0


def test_doctor_knows_its_own_ports(platform: Platform) -> None:
    done = platform.command("doctor", JSON="1")
    assert done.returncode == 0, done.stdout
    ports = [c for c in json.loads(done.stdout)["checks"] if c["name"].startswith("port ")]
    assert len(ports) == len(platform.installation.published())
    assert all("taken by this installation" in check["measured"] for check in ports), ports


def test_status_is_ok_as_text_and_as_json(platform: Platform) -> None:
    platform.assert_status_ok()
    done = platform.command("status", JSON="1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["ok"] is True
    assert platform.command("status").returncode == 0


def test_logs_of_one_service(platform: Platform) -> None:
    done = platform.command("logs", "kafka-1")
    assert done.returncode == 0
    assert "kafka" in (done.stdout + done.stderr).lower()
    unknown = platform.command("logs", "nonesuch")
    assert unknown.returncode == 1
    assert "kafka-1" in unknown.stderr, "the remedy lists the services"


def test_nothing_listens_beyond_loopback(platform: Platform) -> None:
    """Invariant 6."""
    for container in docker.inspect(*docker.named("container", platform.installation.project)):
        for hosts in (container["HostConfig"]["PortBindings"] or {}).values():
            assert all(host["HostIp"] == "127.0.0.1" for host in hosts), container["Name"]


def test_no_container_runs_as_root(platform: Platform) -> None:
    for container in docker.inspect(*docker.named("container", platform.installation.project)):
        assert container["Config"]["User"] not in ("", "root", "0"), container["Name"]
