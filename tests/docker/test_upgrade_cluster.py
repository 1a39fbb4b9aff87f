"""Every state of the folders in which a kill can leave an upgrade."""

from __future__ import annotations

from pathlib import Path

import pytest

from docker.postgres.upgrade_cluster import Upgrade


@pytest.mark.parametrize(
    ("folders", "expected"),
    [
        # the names that exist → the names that exist after `recover`, and what each holds
        ({"data": "15"}, {"data": "15"}),
        ({"data": "15", "data.upgraded": "part of 17"}, {"data": "15"}),
        ({"data.earlier": "15", "data.upgraded": "17"}, {"data.earlier": "15", "data": "17"}),
        ({"data.earlier": "15", "data": "17"}, {"data.earlier": "15", "data": "17"}),
        (
            {"data.earlier": "part of 15", "data": "17"},
            {"data.earlier": "part of 15", "data": "17"},
        ),
        # an upgrade of data that a restore brought back
        (
            {"data.earlier": "old 15", "data": "15", "data.upgraded": "part of 17"},
            {"data.earlier": "old 15", "data": "15"},
        ),
        # an empty volume
        ({}, {}),
        ({"data.earlier": "part of 15"}, {"data.earlier": "part of 15"}),
        ({"data.upgraded": "part of 17"}, {}),
    ],
)
def test_recover(tmp_path: Path, folders: dict[str, str], expected: dict[str, str]) -> None:
    for name, content in folders.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "content").write_text(content)
    upgrade = Upgrade(tmp_path / "data", tmp_path / "run", "17")
    upgrade.recover()
    upgrade.recover()
    remaining = {file.parent.name: file.read_text() for file in tmp_path.glob("*/content")}
    assert remaining == expected
