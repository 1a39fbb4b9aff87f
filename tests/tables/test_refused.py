"""deploy-dags refuses a release that would lose rows: it says why, and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from contract.table.table import Table
from tests.harness.platform import Platform
from tests.harness.work_copy import WorkCopy

Change = Callable[[Path], object]


def replaced(old: str, new: str) -> Change:
    def change(file: Path) -> None:
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    return change


# What somebody does to tables/order_lines.toml → the change, and words of the refusal.
REFUSED: dict[str, tuple[Change, tuple[str, ...]]] = {
    "file deleted": (Path.unlink, ("is missing", "REMOVE=order_lines")),
    "column deleted": (
        replaced('committed_at = "timestamptz(3)"\n', ""),
        ("REMOVE=order_lines.committed_at",),
    ),
    "other type": (replaced('offset = "int8"', 'offset = "text"'), ("offset",)),
    "other key": (replaced('clustering = ["Line No"]', "clustering = []"), ("key",)),
    "no kind": (replaced('offset = "int8"', 'offset = "money"'), ("money", "numeric")),
}


@contextmanager
def unchanged(file: Path) -> Iterator[None]:
    """Put the file back afterwards."""
    text = file.read_text()
    try:
        yield
    finally:
        file.write_text(text)


@pytest.mark.parametrize("name", REFUSED)
def test_a_release_that_would_lose_rows_is_refused(
    platform: Platform, copy: WorkCopy, tables: Mapping[str, Table], name: str
) -> None:
    change, words = REFUSED[name]
    file = copy.path("order_lines")
    before = platform.control_center("GET", "/api/tables")
    with unchanged(file):
        change(file)
        done = copy.command("deploy-dags", JSON="1")
    assert done.returncode == 1, done.stdout + done.stderr
    plan = json.loads(done.stdout)["plan"]["order_lines"]
    assert plan["action"] == "refuse"
    reason = f"{plan['cause']} {plan['remedy']}"
    assert all(word in reason for word in words), reason
    assert plan["remedy"]
    assert platform.control_center("GET", "/api/tables") == before
