"""A release becomes current when Airflow has parsed it; else the release before comes back."""

from __future__ import annotations

import pytest

from cli.deploy.parsing import PARSE_LIMIT_S, parse_or_roll_back
from cli.deploy.release import Release
from cli.host.errors import CliError
from contract.stream.releases import ReleaseState
from tests.cli.clock import Clock
from tests.cli.deploy.memory import MemoryAirflow, MemoryArtifacts

RELEASE = Release(
    {"dags/a.py": b'RELEASE = "unreleased"\n', "dags/b.py": b'RELEASE = "unreleased"'}
)
BEFORE = "before"

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def artifacts() -> MemoryArtifacts:
    """The new release is stored, another one is current."""
    return MemoryArtifacts(ReleaseState(BEFORE, BEFORE, (RELEASE.name, BEFORE)))


@pytest.fixture
def airflow() -> MemoryAirflow:
    return MemoryAirflow()


def deploy(airflow: MemoryAirflow, artifacts: MemoryArtifacts, previous: str = BEFORE) -> None:
    parse_or_roll_back(airflow, artifacts, RELEASE, previous)


def test_a_parsed_release_stays(airflow: MemoryAirflow, artifacts: MemoryArtifacts) -> None:
    artifacts.on_activate = lambda name: airflow.parse(RELEASE)
    deploy(airflow, artifacts)
    assert artifacts.activations == [RELEASE.name]


def test_it_is_activated_again_while_airflow_does_not_answer(
    airflow: MemoryAirflow, artifacts: MemoryArtifacts, clock: Clock
) -> None:
    """A parse may have read the folder just before the activation."""

    def third(name: str) -> None:
        if len(artifacts.activations) == 3:
            airflow.parse(RELEASE)

    artifacts.on_activate = third
    deploy(airflow, artifacts)
    assert artifacts.activations == [RELEASE.name] * 3
    assert 10 < clock.now < 16


def test_a_release_that_is_not_parsed_is_rolled_back(
    airflow: MemoryAirflow, artifacts: MemoryArtifacts, clock: Clock
) -> None:
    airflow.tags[RELEASE.name] = {"a": False}
    with pytest.raises(CliError, match=r"did not parse b of release") as raised:
        deploy(airflow, artifacts)
    assert clock.now == pytest.approx(PARSE_LIMIT_S, abs=1)
    assert artifacts.state().current == BEFORE
    assert artifacts.activations[-1] == BEFORE
    assert "airflow-dag-processor" in raised.value.remedy


def test_an_import_error_that_comes_twice_is_rolled_back_at_once(
    airflow: MemoryAirflow, artifacts: MemoryArtifacts, clock: Clock
) -> None:
    airflow.parse(RELEASE)
    artifacts.on_activate = lambda name: airflow.errors.update(
        {"a.py": (f"t{len(artifacts.activations)}", "NameError: nonsense\n")}
    )
    with pytest.raises(CliError, match=r"cannot import a\.py .*\nNameError: nonsense") as raised:
        deploy(airflow, artifacts)
    assert clock.now < 5
    assert artifacts.activations == [RELEASE.name, RELEASE.name, BEFORE]
    assert artifacts.state().current == BEFORE
    assert "fix that file" in raised.value.remedy


def test_an_error_of_a_parse_across_the_activation_may_clear(
    airflow: MemoryAirflow, artifacts: MemoryArtifacts
) -> None:
    """The parse read some files of the old and some of the new release."""

    def parse(name: str) -> None:
        airflow.parse(RELEASE)
        airflow.errors = {"a.py": ("t1", "")} if len(artifacts.activations) == 1 else {}

    artifacts.on_activate = parse
    deploy(airflow, artifacts)
    assert artifacts.activations == [RELEASE.name, RELEASE.name]


def test_an_error_from_before_the_activation_does_not_count(
    airflow: MemoryAirflow, artifacts: MemoryArtifacts
) -> None:
    airflow.errors["old.py"] = ("t0", "SyntaxError")
    artifacts.on_activate = lambda name: airflow.parse(RELEASE)
    deploy(airflow, artifacts)
    assert artifacts.activations == [RELEASE.name]


def test_after_the_first_release_none_is_current(
    airflow: MemoryAirflow, capsys: pytest.CaptureFixture[str]
) -> None:
    artifacts = MemoryArtifacts(ReleaseState(releases=(RELEASE.name,)))
    with pytest.raises(CliError):
        deploy(airflow, artifacts, previous="")
    assert artifacts.state().current == ""
    assert "rolled back to no release" in capsys.readouterr().out


def test_the_current_release_is_not_rolled_back_to_itself(
    airflow: MemoryAirflow, capsys: pytest.CaptureFixture[str]
) -> None:
    artifacts = MemoryArtifacts(ReleaseState(RELEASE.name, RELEASE.name, (RELEASE.name,)))
    with pytest.raises(CliError):
        deploy(airflow, artifacts, previous=RELEASE.name)
    assert set(artifacts.activations) == {RELEASE.name}
    assert "rolled back" not in capsys.readouterr().out


def test_ctrl_c_rolls_back(airflow: MemoryAirflow, artifacts: MemoryArtifacts) -> None:
    def interrupt(name: str) -> None:
        if name == RELEASE.name:
            raise KeyboardInterrupt

    artifacts.on_activate = interrupt
    with pytest.raises(KeyboardInterrupt):
        deploy(airflow, artifacts)
    assert artifacts.state().current == BEFORE
