"""docs/tables.md leads from nothing to one's own rows in Cassandra, with three commands.

The test knows the page only: it runs the commands of the first section, in a clean checkout.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.host.paths import ROOT
from contract.table import file
from contract.table.table import Table
from tests.harness import documents
from tests.harness.equality import assert_equal_rows
from tests.harness.erase import erase
from tests.harness.platform import Platform
from tests.harness.settings import ENVIRONMENT
from tests.harness.wait import eventually
from tests.harness.work_copy import WorkCopy

PAGE = ROOT / "docs/tables.md"
COMMANDS = 3
LIMIT_S = 300


@dataclass(frozen=True)
class Steps:
    """`script`: the statements that a person writes into the file `name`; `commands`: what they
    type, up to the deploy."""

    name: str
    script: str
    commands: tuple[str, ...]

    @property
    def table(self) -> str:
        """The name of the table's file."""
        [name] = re.findall(r"make table NAME=(?:\w+\.)?(\w+)", " ".join(self.commands))
        return str(name)


def steps(page: str) -> Steps:
    """The first section of the page that has commands."""
    section = next(part for part in page.split("\n## ")[1:] if "make deploy-dags" in part)
    blocks = [block for _, block in documents.blocks(section)]
    code = "\n".join(blocks)
    lines = [line.removeprefix("$ ").split("  #")[0].strip() for line in code.splitlines()]
    typed = [line for line in lines if line.startswith("make ")]
    last = next(number for number, line in enumerate(typed) if line.startswith("make deploy-dags"))
    [name] = re.findall(r"FILE=(\S+)", " ".join(typed))[:1]
    [script] = [block for block in blocks if block.lstrip().startswith("CREATE TABLE")]
    return Steps(name, script, tuple(typed[: last + 1]))


@pytest.fixture
def checkout(platform: Platform, tmp_path: Path) -> WorkCopy:
    return WorkCopy(platform, tmp_path / "riada")


@pytest.mark.timeout(900)
def test_own_rows_arrive_with_three_commands(platform: Platform, checkout: WorkCopy) -> None:
    platform.assert_status_ok()
    given = steps(PAGE.read_text())
    assert len(given.commands) <= COMMANDS, given.commands
    (checkout.folder / given.name).write_text(given.script)
    began = time.monotonic()
    print()
    for command in given.commands:
        _type(command, checkout.folder)
        print(f"{time.monotonic() - began:6.1f} s  {command}")
    table = file.read(given.table, checkout.path(given.table).read_text())
    rows = eventually(lambda: assert_equal_rows(platform, table), "the rows", LIMIT_S)
    took = time.monotonic() - began
    print(f"{took:6.1f} s  {rows:,} rows in Cassandra, {len(given.commands)} commands typed")
    assert took <= LIMIT_S
    _remove(platform, checkout, table)


def _type(command: str, folder: Path) -> None:
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env={**os.environ, **ENVIRONMENT},
        text=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def _remove(platform: Platform, checkout: WorkCopy, table: Table) -> None:
    checkout.remove(table.name)
    erase(platform, table)
    platform.assert_status_ok()
