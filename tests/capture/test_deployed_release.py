"""The deployed release, and how far the driver is."""

from __future__ import annotations

from pathlib import Path

import pytest

from capture.deployed_release import DeployedRelease
from contract.stream.driver_status import DriverState, DriverStatus, TableState, TableStatus

FILE = 'key = ["id"]\n[columns]\nid = "int4"\n'
SHOP = {"shop/database.toml": "tls = false\n", "shop/lines.toml": FILE}


def deploy(artifacts: Path, release: str, files: dict[str, str]) -> None:
    for path, text in files.items():
        file = artifacts / "releases" / release / "tables" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (artifacts / "releases" / release / "job").write_text("j")
    (artifacts / "streaming-release").write_text(release)


def test_tables_are_those_of_the_newest_release_that_can_be_read(tmp_path: Path) -> None:
    reports: list[str] = []
    release = DeployedRelease(tmp_path, reports.append)
    assert release.tables() == {}
    for name, text in (("one", FILE), ("two", "broken")):
        deploy(tmp_path, name, {"orders.toml": text})
        assert release.tables().keys() == release.tables().keys() == {"orders"}
    assert len(reports) == 1 and "orders.toml" in reports[0]


def test_a_manager_has_the_tables_of_its_database(tmp_path: Path) -> None:
    deploy(tmp_path, "one", {"orders.toml": FILE, **SHOP})
    release = DeployedRelease(tmp_path, print)
    assert release.tables().keys() == {"orders"}
    assert release.tables("shop").keys() == {"lines"}
    assert release.tables("crm") == {}


@pytest.mark.parametrize(
    ("release", "state", "is_streamed"),
    [
        ("one", TableState.RUNNING, True),
        ("zero", TableState.RUNNING, False),
        ("one", TableState.STARTING, False),
        ("one", TableState.HALTED, False),
    ],
)
def test_a_table_is_streamed_when_the_driver_runs_it_as_deployed(
    tmp_path: Path, release: str, state: TableState, is_streamed: bool
) -> None:
    deploy(tmp_path, "one", {"orders.toml": FILE})
    status = DriverStatus.now(
        DriverState.RUNNING, release, "driver", tables={"orders": TableStatus.now(state)}
    )
    newest = DeployedRelease(tmp_path, print)
    newest()
    assert not newest.is_streamed("orders")
    (tmp_path / "streaming-status.json").write_text(status.to_json())
    assert newest.is_streamed("orders") is is_streamed
    assert not newest.is_streamed("lines")
