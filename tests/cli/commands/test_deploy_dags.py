"""make deploy-dags: its changes of the store, and its report."""

from __future__ import annotations

import json

import pytest

from cli.commands import deploy_dags
from cli.deploy.release import Release
from cli.host.errors import CliError
from cli.host.options import NoOptions
from cli.installations import target
from cli.installations.local import Installation
from contract.stream.releases import ReleaseState
from tests.cli.deploy.memory import MemoryAirflow, MemoryArtifacts

RELEASE = Release(
    {"dags/a.py": b'RELEASE = "unreleased"\n', "dags/b.py": b'RELEASE = "unreleased"'}
)
DRIVER = {"app": f"users-{RELEASE.name}", "driver": "driver-1"}


class Platform:
    def __init__(self) -> None:
        self.airflow = MemoryAirflow()
        self.artifacts = MemoryArtifacts()
        self.artifacts.on_activate = lambda name: self.airflow.parse(RELEASE, paused=True)

    def driver(self, master: str, release: str) -> dict[str, str]:
        assert (master, release) == ("http://127.0.0.1:8091", RELEASE.name)
        assert self.artifacts.state().streaming == release
        return DRIVER


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    platform = Platform()
    installation = Installation("riada-unit", {"SPARK_MASTER_PORT": "8091"})
    monkeypatch.setattr(target, "current", lambda: installation)
    monkeypatch.setattr(deploy_dags, "artifacts_of", lambda installation: platform.artifacts)
    monkeypatch.setattr(deploy_dags, "Airflow", lambda installation: platform.airflow)
    monkeypatch.setattr(deploy_dags, "wait_for_driver", platform.driver)
    monkeypatch.setattr(Release, "of", lambda: RELEASE)
    monkeypatch.setenv("JSON", "1")
    return platform


def deploy(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """The output of the command with JSON=1, without the duration."""
    assert deploy_dags.run(NoOptions()) == 0
    report: dict[str, object] = json.loads(capsys.readouterr().out)
    assert report.pop("took_s") is not None
    return report


def test_the_first_release(platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy(capsys) == {
        "ok": True,
        "release": RELEASE.name,
        "previous": "",
        "changed": True,
        "dags": ["a", "b"],
        "unpaused": ["a", "b"],
        "driver": DRIVER,
        "removed": [],
    }
    assert platform.artifacts.state() == ReleaseState(RELEASE.name, RELEASE.name, (RELEASE.name,))
    assert platform.airflow.tags[RELEASE.name] == {"a": False, "b": False}


def test_the_same_release_changes_nothing(
    platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    deploy(capsys)
    again = deploy(capsys)
    assert (again["changed"], again["unpaused"], again["previous"]) == (False, [], RELEASE.name)
    assert platform.artifacts.activations == [RELEASE.name]


def test_a_release_that_airflow_lost_is_deployed_again(
    platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    deploy(capsys)
    platform.airflow.tags[RELEASE.name].pop("b")
    assert deploy(capsys)["changed"] is True


def test_old_releases_are_removed(platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    platform.artifacts.releases = ReleaseState("r3", "r3", ("r3", "r2", "r1"))
    assert deploy(capsys)["removed"] == ["r1"]


def test_a_broken_release_does_not_stream(platform: Platform) -> None:
    platform.artifacts.releases = ReleaseState("r1", "r1", ("r1",))
    platform.artifacts.on_activate = lambda name: platform.airflow.errors.update(
        {"a.py": (f"t{len(platform.artifacts.activations)}", "NameError")}
    )
    with pytest.raises(CliError, match="cannot import"):
        deploy_dags.run(NoOptions())
    assert (platform.artifacts.state().current, platform.artifacts.state().streaming) == (
        "r1",
        "r1",
    )
