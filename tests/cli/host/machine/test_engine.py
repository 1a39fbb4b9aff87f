"""Some versions of the engine pass, and others warn."""

from __future__ import annotations

import pytest

from cli.host.machine.engine import check_version


@pytest.mark.parametrize("version", ["20.10.24+dfsg1", "26.1.5", "27.5.1"])
def test_an_engine_whose_loopback_ports_neighbours_reach_warns(version: str) -> None:
    """https://github.com/moby/moby/issues/45610"""
    check = check_version(version)
    assert check.state == "warn"
    assert "28" in check.remedy
    assert "docs/operations.md" in check.remedy


@pytest.mark.parametrize(
    ("version", "state"), [("19.3.1", "fail"), ("28.0.0", "pass"), ("29.1", "pass")]
)
def test_other_engines(version: str, state: str) -> None:
    assert check_version(version).state == state
