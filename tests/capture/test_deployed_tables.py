"""The tables of the deployed release."""

from __future__ import annotations

from pathlib import Path

from capture.deployed_tables import DeployedTables

FILE = 'key = ["id"]\n[columns]\nid = "int4"\n'


def test_tables_are_those_of_the_newest_release_that_can_be_read(tmp_path: Path) -> None:
    reports: list[str] = []
    tables = DeployedTables(tmp_path, reports.append)
    assert tables() == {}
    for release, text in (("one", FILE), ("two", "broken")):
        folder = tmp_path / "releases" / release / "tables"
        folder.mkdir(parents=True)
        (folder.parent / "job").write_text("j")
        (folder / "orders.toml").write_text(text)
        (tmp_path / "streaming-release").write_text(release)
        assert tables().keys() == tables().keys() == {"orders"}
    assert len(reports) == 1 and "orders.toml" in reports[0]
