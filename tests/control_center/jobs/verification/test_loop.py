"""The loop takes the tables of the release in turns, and writes what it knows of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from contract.errors import UnreachableError
from contract.health.details.verification import TableVerification
from contract.table.table import Table
from control_center.jobs.verification.automatic_repair import AutomaticRepair
from control_center.jobs.verification.budget import Budget
from control_center.jobs.verification.loop import Loop
from control_center.pipeline.verification_file import VerificationFiles
from tests.control_center.jobs.verification.in_memory_stores import Clock, InMemoryStores
from tests.control_center.sample_tables import USERS

OTHER = replace(USERS, name="others")


class Platform:
    """Two tables. `unreachable`: why the release cannot be read."""

    def __init__(self, folder: Path, rows_per_hour: int = 0) -> None:
        self.clock = Clock()
        self.stores = {name: InMemoryStores(self.clock) for name in ("users", "others")}
        self.tables: dict[str, Table] = {"users": USERS, "others": OTHER}
        for stores in self.stores.values():
            for number in range(4):
                stores.change(f"k{number}", "Oslo")
            stores.deliver()
        self.files, self.unreachable = VerificationFiles(folder), ""
        self.loop = Loop(
            self.released,
            lambda table: self.stores[table.name],
            self.files,
            AutomaticRepair(rows_per_hour, self, self.clock),
            Budget(0.5, self.clock),
            self.clock,
        )

    def released(self) -> Mapping[str, Table]:
        if self.unreachable:
            raise UnreachableError("control-center", self.unreachable)
        return self.tables

    def send(self, table: str, keys: Sequence[str]) -> int:
        for key in keys:
            self.stores[table].resend(key)
        self.stores[table].deliver()
        return len(keys)

    def run(self, seconds: float = 120.0) -> None:
        until = self.clock.now + seconds
        while self.clock.now < until:
            self.loop.turn()
            self.clock.sleep(0.1)

    def report(self, table: str = "users") -> TableVerification:
        report = self.files.report(table)
        assert report is not None
        return report


def test_every_table_is_verified(tmp_path: Path) -> None:
    platform = Platform(tmp_path)
    platform.run()
    for name in platform.tables:
        assert (platform.report(name).through or 0.0) > platform.clock.now - 60


def test_an_error_of_one_table_is_reported_and_does_not_hold_up_the_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    platform = Platform(tmp_path)
    platform.run()
    before = platform.report().through
    platform.stores["users"].cause = "does not answer"
    platform.run()
    assert platform.report().error == "cassandra-1: does not answer"
    assert platform.report().through == before
    assert (platform.report("others").through or 0.0) > platform.clock.now - 60
    assert capsys.readouterr().err.count("users: cassandra-1: does not answer") in (1, 2)
    platform.stores["users"].cause = ""
    platform.run()
    assert platform.report().error == ""
    assert (platform.report().through or 0.0) > platform.clock.now - 60


def test_a_table_that_left_the_release_is_forgotten(tmp_path: Path) -> None:
    platform = Platform(tmp_path)
    platform.run()
    del platform.tables["users"]
    platform.run(10)
    assert platform.files.report("users") is None
    assert platform.files.report("others") is not None


def test_an_unknown_release_stops_nothing(tmp_path: Path) -> None:
    platform = Platform(tmp_path)
    platform.unreachable = "no release"
    platform.run(20)
    assert platform.files.report("users") is None
    platform.unreachable = ""
    platform.run()
    assert platform.report().through is not None


def test_a_file_that_cannot_be_read_begins_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = TableVerification(at=1.0, began_at=1.0)
    VerificationFiles(tmp_path).write("users", empty, {"identity": 7})
    platform = Platform(tmp_path)
    platform.run()
    assert platform.report().through is not None
    assert "users begins again" in capsys.readouterr().err


@pytest.mark.parametrize("rows_per_hour", [0, 10])
def test_differences_are_logged_and_repaired_if_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows_per_hour: int
) -> None:
    platform = Platform(tmp_path, rows_per_hour)
    del platform.stores["users"].cassandra["k0"]
    platform.run()
    log = capsys.readouterr().err
    assert (platform.report().resent, platform.report().differences) == (
        (1, 0) if rows_per_hour else (0, 1)
    )
    if not rows_per_hour:
        assert log.count("users differs: row k0: missing") == 1
