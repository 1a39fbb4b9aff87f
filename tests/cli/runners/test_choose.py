"""The choice of the runner that starts an installation."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.host.errors import CliError
from cli.installations.local import Installation
from cli.runners.choose import choose
from cli.runners.compose import ComposeRunner
from cli.runners.provider import ProviderRunner
from cli.runners.terraform import TerraformRunner


class Roots:
    """`available`: roots whose providers can be had; `initialised`: roots that were tried."""

    def __init__(self) -> None:
        self.available = {"local", "compose"}
        self.initialised: list[str] = []

    def init(self, runner: TerraformRunner) -> bool:
        self.initialised.append(runner.name)
        return runner.name in self.available


@pytest.fixture
def roots(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Roots:
    roots = Roots()
    monkeypatch.setattr(TerraformRunner, "init", lambda runner: roots.init(runner))
    monkeypatch.setattr(Installation, "folder", tmp_path)
    return roots


def chosen(runner: str = "") -> TerraformRunner:
    return choose(Installation("riada-unit", {"RUNNER": runner} if runner else {}))


def test_the_provider_by_default(roots: Roots) -> None:
    assert isinstance(chosen(), ProviderRunner)
    assert roots.initialised == ["local"]


def test_compose_without_the_provider(roots: Roots, capsys: pytest.CaptureFixture[str]) -> None:
    roots.available = {"compose"}
    assert isinstance(chosen(), ComposeRunner)
    assert roots.initialised == ["local", "compose"]
    assert "NOTE: Terraform cannot get the docker provider" in capsys.readouterr().out


def test_an_installation_of_compose_stays_with_it(roots: Roots, tmp_path: Path) -> None:
    (tmp_path / "compose.json").touch()
    assert isinstance(chosen(), ComposeRunner)
    assert roots.initialised == ["compose"]


def test_the_setting_wins(roots: Roots, tmp_path: Path) -> None:
    assert isinstance(chosen("compose"), ComposeRunner)
    (tmp_path / "compose.json").touch()
    assert isinstance(chosen("provider"), ProviderRunner)


def test_the_wanted_provider_is_missing(roots: Roots) -> None:
    roots.available = {"compose"}
    with pytest.raises(CliError, match="cannot get the docker provider") as raised:
        chosen("provider")
    assert "RUNNER=compose" in raised.value.remedy


def test_without_provider_and_compose_there_is_an_error(roots: Roots) -> None:
    roots.available = set()
    with pytest.raises(CliError, match="infra/compose cannot be set up"):
        chosen()


def test_an_unknown_runner_is_refused(roots: Roots) -> None:
    with pytest.raises(CliError, match="RUNNER must be provider or compose, got podman"):
        chosen("podman")
