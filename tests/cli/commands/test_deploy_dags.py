"""make deploy-dags: its changes of the store, and its report."""

from __future__ import annotations

import json

import pytest

from cli.commands import deploy_dags
from cli.commands.deploy_dags import Options
from cli.deploy.release import Release
from cli.host import output
from cli.host.errors import CliError
from cli.installations import target
from cli.installations.local import Installation
from contract.jobs.plan import Action, Plan, TablePlan
from contract.stream.releases import ReleaseState
from tests.cli.deploy.memory import MemoryAirflow, MemoryArtifacts

RELEASE = Release(
    {
        "dags/a.py": b'RELEASE = "unreleased"\n',
        "dags/b.py": b'RELEASE = "unreleased"',
        "tables/orders.toml": b"# orders",
    }
)
DRIVER = {"app": f"stream-{RELEASE.job}", "driver": "driver-1"}
ADDED = TablePlan(Action.ADD, ("PostgreSQL: public.orders has about 12 rows",))
REFUSED = TablePlan(Action.REFUSE, cause="its key changes", remedy="Keep the key.")


class Platform:
    def __init__(self) -> None:
        self.airflow = MemoryAirflow()
        self.artifacts = MemoryArtifacts()
        self.artifacts.on_activate = lambda name: self.airflow.parse(RELEASE, paused=True)
        self.plan = Plan(True, {"orders": ADDED})
        self.remove: list[str] = []

    def driver(self, master: str, release: Release, status: object) -> dict[str, str]:
        assert (master, release) == ("http://127.0.0.1:8091", RELEASE)
        assert self.artifacts.state().streaming == release.name
        return DRIVER

    def plan_of(self, installation: Installation, release: Release, remove: list[str]) -> Plan:
        assert release == RELEASE
        self.remove = remove
        return self.plan


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    platform = Platform()
    installation = Installation("riada-unit", {"SPARK_MASTER_PORT": "8091"})
    monkeypatch.setattr(target, "current", lambda: installation)
    monkeypatch.setattr(deploy_dags, "artifacts_of", lambda installation: platform.artifacts)
    monkeypatch.setattr(deploy_dags, "Airflow", lambda installation: platform.airflow)
    monkeypatch.setattr(deploy_dags, "wait_for_driver", platform.driver)
    monkeypatch.setattr(deploy_dags, "plan_of", platform.plan_of)
    monkeypatch.setattr(Release, "of", lambda: RELEASE)
    monkeypatch.setenv("JSON", "1")
    return platform


def deploy(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """The output of the command with JSON=1, without the duration."""
    assert deploy_dags.run(Options()) == 0
    report: dict[str, object] = json.loads(capsys.readouterr().out)
    assert report.pop("took_s") is not None
    return report


def test_the_first_release(platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy(capsys) == {
        "ok": True,
        "release": RELEASE.name,
        "previous": "",
        "changed": True,
        "plan": {"orders": ADDED.to_json()},
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
        deploy_dags.run(Options())
    assert (platform.artifacts.state().current, platform.artifacts.state().streaming) == (
        "r1",
        "r1",
    )


def test_the_plan_is_printed_before_anything_changes(
    platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    printed: list[str] = []

    def parse(name: str) -> None:
        printed.append(capsys.readouterr().err)
        platform.airflow.parse(RELEASE)

    platform.artifacts.on_activate = parse
    deploy_dags.run(Options())
    assert "+ orders: add\n      PostgreSQL: public.orders has about 12 rows" in printed[0]


def test_a_refused_plan_changes_nothing(
    platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.artifacts.releases = before = ReleaseState("r1", "r1", ("r1",))
    platform.plan = Plan(False, {"orders": ADDED, "users": REFUSED})
    with pytest.raises(SystemExit) as ended:
        output.run(lambda: deploy_dags.run(Options()))
    assert ended.value.code == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["ok"], report["remedy"]) == (False, "Keep the key.")
    assert "users: its key changes" in report["error"]
    assert report["plan"]["users"]["action"] == "refuse"
    assert (platform.artifacts.state(), platform.artifacts.activations) == (before, [])


def test_remove_names_tables_and_columns(platform: Platform) -> None:
    deploy_dags.run(Options(remove="orders, users.note,"))
    assert platform.remove == ["orders", "users.note"]
