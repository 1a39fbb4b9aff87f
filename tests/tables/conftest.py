"""Tables of every form beside users, on the platform of the end-to-end tests.

Their files are in files/, as in tables/: parts is in another PostgreSQL. They are deployed from a
copy of the repository, and removed at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from contract.table.table import Table
from tests.harness import shop
from tests.harness.cursor_api import cursor_api
from tests.harness.erase import erase
from tests.harness.external_postgres import WRITER, ExternalPostgres
from tests.harness.platform import Platform
from tests.harness.superuser import execute
from tests.harness.work_copy import WorkCopy

FILES = Path(__file__).parent / "files"
OWN = ("everything", "events", "order_lines")
EXTERNAL = "parts"
NAMES = (*OWN, EXTERNAL)


@pytest.fixture(scope="package")
def copy(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> WorkCopy:
    return WorkCopy(platform, tmp_path_factory.mktemp("tables") / "riada")


@pytest.fixture(scope="package")
def api(platform: Platform) -> Iterator[None]:
    """The API of events, with the key that the source's secret holds."""
    with cursor_api(platform, platform.installation.secret("source-events")):
        yield


@pytest.fixture(scope="package")
def server(platform: Platform) -> Iterator[ExternalPostgres]:
    """The PostgreSQL of database shop, with the table parts, which its application owns."""
    with shop.shop(platform) as server:
        script = (FILES / shop.NAME / f"{EXTERNAL}.sql").read_text()
        server.execute(f"SET ROLE {WRITER};\n{script}")
        yield server


@pytest.fixture(scope="package")
def ready(platform: Platform, copy: WorkCopy, server: ExternalPostgres) -> Table:
    """The external table, whose files describe it and whose server has what capture needs."""
    copy.put_database(shop.NAME, shop.FILE, server.ca)
    file = (FILES / shop.NAME / f"{EXTERNAL}.toml").read_text()
    table = copy.put(EXTERNAL, file, shop.NAME)
    shop.run_statements(platform, copy)
    return table


@pytest.fixture(scope="package")
def tables(
    platform: Platform, copy: WorkCopy, api: None, ready: Table
) -> Iterator[Mapping[str, Table]]:
    """Name → table: deployed, and removed at the end with everything that remains."""
    for script in sorted(FILES.glob("*.sql")):
        platform.sql(script.read_text(), role="application")
    made = {name: copy.put(name, (FILES / f"{name}.toml").read_text()) for name in OWN}
    made[EXTERNAL] = ready
    plan = copy.deploy()["plan"]
    assert {name: plan[name]["action"] for name in NAMES} == dict.fromkeys(NAMES, "add"), plan
    yield made
    copy.remove(*NAMES)
    shop.await_ended(platform)
    for table in made.values():
        erase(platform, table)
    execute(platform, "DROP TYPE public.mood")
    platform.assert_status_ok()
