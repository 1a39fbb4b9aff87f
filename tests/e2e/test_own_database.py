"""docs/databases.md leads from a PostgreSQL that somebody runs to its rows in Cassandra, and back.

The test knows the page only: it runs the blocks of code of its sections, in a clean checkout. The
server has the host that the page names, and its administrator runs what the page lets them run.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.host.paths import ROOT
from contract.table import file
from contract.table.table import Table
from tests.harness import shop
from tests.harness.equality import assert_equal_rows
from tests.harness.erase import erase
from tests.harness.external_postgres import WRITER, ExternalPostgres
from tests.harness.platform import Platform
from tests.harness.settings import ENVIRONMENT, long
from tests.harness.wait import eventually
from tests.harness.work_copy import WorkCopy

PAGE = (ROOT / "docs/databases.md").read_text()
HOST = "db.example"
TABLE = "orders"
LIMIT_S = 300
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$|((?:^ {4}[^\n]*\n)+)", re.MULTILINE | re.DOTALL)


def blocks(title: str) -> list[tuple[str, str]]:
    """Language and text of each block of a section; indented ones have no language."""
    [section] = [part for part in PAGE.split("\n## ") if part.startswith(f"{title}\n")]
    return [
        (language, text or re.sub("(?m)^ {4}", "", code))
        for language, text, code in _BLOCK.findall(section)
    ]


@pytest.fixture
def checkout(platform: Platform, tmp_path: Path) -> Iterator[WorkCopy]:
    """A clean checkout; afterwards the platform has the tests' address of the server again."""
    yield WorkCopy(platform, tmp_path / "riada")
    done = platform.command("up")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def server(platform: Platform) -> Iterator[ExternalPostgres]:
    with shop.shop(platform, HOST) as server:
        yield server


@long
@pytest.mark.timeout(1800)
def test_an_existing_postgres_delivers_its_rows_and_is_left_again(
    platform: Platform, checkout: WorkCopy, server: ExternalPostgres
) -> None:
    platform.assert_status_ok()
    (checkout.folder / "shop-ca.pem").write_text(server.ca)
    [(_, made), *typed] = blocks("From nothing to its rows")
    server.execute(f"SET ROLE {WRITER};\n{made}")
    began = time.monotonic()
    print()
    for _, code in typed:
        for command in code.splitlines():
            _type(command, platform, checkout.folder)
            print(f"{time.monotonic() - began:6.1f} s  {command}")
    table = file.read(TABLE, checkout.path(TABLE, shop.NAME).read_text(), shop.NAME)
    rows = eventually(lambda: assert_equal_rows(platform, table), "the rows", LIMIT_S)
    print(f"{time.monotonic() - began:6.1f} s  {rows:,} rows in Cassandra")
    platform.assert_status_ok()
    _leave(platform, checkout, table)


def _leave(platform: Platform, checkout: WorkCopy, table: Table) -> None:
    """The page's section about removal: nothing of Riada remains on the server."""
    [(_, commands), (_, statements)] = blocks("Removal")
    for command in commands.splitlines():
        _type(command, platform, checkout.folder)
    shop.await_ended(platform)
    server = platform.servers[shop.NAME]
    server.execute(statements)
    left = (
        "SELECT count(*) FROM (SELECT nspname FROM pg_namespace UNION ALL"
        " SELECT rolname FROM pg_roles UNION ALL SELECT pubname FROM pg_publication) AS name"
        " WHERE name.nspname LIKE 'riada%'"
    )
    assert server.execute(left) == "0"
    assert server.execute(f"SELECT count(*) FROM public.{TABLE}") == "1000"
    erase(platform, table)
    platform.assert_status_ok()


def _type(command: str, platform: Platform, folder: Path) -> None:
    """Run a line of the page. psql runs where the administrator is, with the file named by -f, and
    make up in the checkout that the containers belong to."""
    if command.startswith("psql "):
        script = (folder / command.rpartition(" -f ")[2]).read_text()
        platform.servers[shop.NAME].execute_file(script, shop.password(platform))
        return
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT if command.startswith("make up ") else folder,
        env={**os.environ, **ENVIRONMENT},
        text=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
