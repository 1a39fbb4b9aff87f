"""Versions order rows across histories of PostgreSQL; Java and Python mean the same number."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from pathlib import Path

from contract.table.version import LAST_EPOCH, POSITION_BITS, Version

JAVA = Path(__file__).parents[3] / "docker/connect/task/src/riada/connect/Version.java"


def test_java_has_the_same_bits() -> None:
    (bits,) = re.findall(r"POSITION_BITS = (\d+);", JAVA.read_text())
    assert int(bits) == POSITION_BITS


def test_a_round_trip_changes_nothing() -> None:
    for version in (Version(0, 26_000_000), Version(1, 0), Version(LAST_EPOCH, 2**52 - 1)):
        assert Version.of(int(version)) == version
        assert 0 <= int(version) < 2**63


def test_a_later_epoch_is_newer_than_every_position_before_it() -> None:
    assert int(Version(2, 0)) > int(Version(1, 2**52 - 1)) > int(Version(1, 0))


def test_an_epoch_is_above_every_bare_lsn_and_every_clock() -> None:
    """So a repair overwrites cells that somebody wrote by hand, with the microseconds of a
    clock."""
    year_2100_us = datetime(2100, 1, 1, tzinfo=timezone.utc).timestamp() * 1e6
    assert int(Version(1, 0)) > year_2100_us
