"""On macOS and Windows nothing is installed: the scripts need Linux."""

from __future__ import annotations

import sys

import pytest

from cli.host.errors import CliError
from cli.host.machine import setup
from cli.host.machine.check import CheckState
from cli.host.machine.checks import all_checks


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "platform", "darwin")
    return "darwin"


def test_doctor_measures_nothing_else(system: str) -> None:
    [check] = all_checks("riada-unit", [])
    assert (check.state, check.measured, check.required) == (CheckState.FAIL, system, "Linux")
    assert "Ubuntu" in check.remedy and "WSL 2" in check.remedy


def test_make_up_refuses_it(system: str) -> None:
    with pytest.raises(CliError, match=r"^system: darwin, required Linux$") as raised:
        setup.ensure()
    assert "Ubuntu" in raised.value.remedy
