"""Tables of every form beside users, on the platform of the end-to-end tests.

Their files are in files/. They are deployed from a copy of the repository, and removed at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from contract.table.table import Table
from tests.harness.cursor_api import cursor_api
from tests.harness.erase import erase
from tests.harness.platform import Platform
from tests.harness.superuser import execute
from tests.harness.work_copy import WorkCopy

FILES = Path(__file__).parent / "files"
NAMES = ("everything", "events", "order_lines")


@pytest.fixture(scope="package")
def copy(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> WorkCopy:
    return WorkCopy(platform, tmp_path_factory.mktemp("tables") / "riada")


@pytest.fixture(scope="package")
def api(platform: Platform) -> Iterator[None]:
    """The API of events, with the key that the source's secret holds."""
    with cursor_api(platform, platform.installation.secret("source-events")):
        yield


@pytest.fixture(scope="package")
def tables(platform: Platform, copy: WorkCopy, api: None) -> Iterator[Mapping[str, Table]]:
    """Name → table: deployed, and removed at the end with everything that remains."""
    for script in sorted(FILES.glob("*.sql")):
        platform.sql(script.read_text(), role="application")
    made = {name: copy.put(name, (FILES / f"{name}.toml").read_text()) for name in NAMES}
    plan = copy.deploy()["plan"]
    assert {name: plan[name]["action"] for name in NAMES} == dict.fromkeys(NAMES, "add")
    yield made
    copy.remove(*NAMES)
    for table in made.values():
        erase(platform, table)
    execute(platform, "DROP TYPE public.mood")
    platform.assert_status_ok()
