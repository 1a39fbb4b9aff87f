"""The table of another PostgreSQL: what capture does there without triggers, and how a server that
is away leaves the other tables alone."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping

import pytest

from contract.table.key import row_key
from contract.table.table import Table
from tests.harness import shop
from tests.harness.equality import assert_equal_rows, in_cassandra
from tests.harness.erase import erase
from tests.harness.external_postgres import WRITER, ExternalPostgres
from tests.harness.platform import Platform
from tests.harness.rows import await_gone, await_row, delete, insert
from tests.harness.settings import LONG, long
from tests.harness.strategies import Row, good_rows
from tests.harness.tables import USERS
from tests.harness.wait import eventually
from tests.harness.work_copy import WorkCopy
from tests.tables.test_isolation import assert_delivers, await_named

LARGE = 200_000  # characters, more than a page of PostgreSQL holds
MINIMUM_DATE = "1582-10-14"  # a day before the domain of dates

BOLTS = """\
key = ["id"]

[columns]
id = "int4"
note = "text null"
"""

pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def parts(tables: Mapping[str, Table]) -> Table:
    return tables["parts"]


def new_part(parts: Table, seed: int, **values: str | None) -> tuple[Row, str]:
    """A row that is not stored yet, and its key."""
    [row] = good_rows(parts, 1, seed=seed)
    row = row | values
    return row, row_key(parts, row)


def test_a_large_text_that_an_update_leaves_unchanged_arrives(
    platform: Platform, parts: Table
) -> None:
    """PostgreSQL keeps it apart from the row, and does not log it again by itself."""
    large = secrets.token_hex(LARGE // 2)
    row, key = new_part(parts, 41, manual=large, label="old")
    insert(platform, parts, row)
    await_row(platform, parts, key, label="old", manual=large)
    _update(platform, row, "label = 'new'")
    await_row(platform, parts, key, label="new", manual=large)
    _update(platform, row, "manual = NULL")
    await_row(platform, parts, key, label="new", manual=None)
    platform.assert_equal_everywhere(parts.name)


def test_a_changed_key_and_a_delete_arrive(platform: Platform, parts: Table) -> None:
    row, key = new_part(parts, 42)
    insert(platform, parts, row)
    await_row(platform, parts, key)
    _update(platform, row, "plant = plant || '2'")
    moved = row_key(parts, row | {"plant": f"{row['plant']}2"})
    await_row(platform, parts, moved)
    await_gone(platform, parts, key)
    delete(platform, parts, [moved])
    await_gone(platform, parts, moved)
    platform.assert_equal_everywhere(parts.name)


def _update(platform: Platform, row: Row, change: str) -> None:
    statement = f"UPDATE public.parts SET {change} WHERE plant = %s AND part_no = %s"
    platform.sql(statement, [row["plant"], row["part_no"]], database=shop.NAME)


def test_a_value_that_cannot_arrive_becomes_a_dead_letter(platform: Platform, parts: Table) -> None:
    """Riada makes no constraint in somebody else's database."""
    bad, bad_key = new_part(parts, 43, made_on=MINIMUM_DATE, label="cannot arrive")
    good, good_key = new_part(parts, 44, label="can arrive")
    insert(platform, parts, bad, good)
    await_row(platform, parts, good_key, label="can arrive")

    def shown() -> bool:
        answer = platform.control_center("GET", "/api/tables/parts/dead-letters")
        return "made_on" in json.dumps(answer["dead_letters"])

    eventually(shown, "the dead letter with its column", 60)
    assert bad_key not in in_cassandra(platform, parts)
    delete(platform, parts, [bad_key])
    platform.assert_equal_everywhere(parts.name)
    platform.assert_status_ok()


def test_commands_that_write_rows_refuse_the_table(platform: Platform, parts: Table) -> None:
    before = platform.count(parts)
    done = platform.command("bench", TABLE=parts.name)
    assert done.returncode != 0
    assert shop.NAME in done.stdout + done.stderr, done.stdout + done.stderr
    assert platform.count(parts) == before


def test_a_server_that_is_away_stops_its_tables_only(
    platform: Platform, tables: Mapping[str, Table], server: ExternalPostgres, parts: Table
) -> None:
    platform.assert_status_ok()
    before, key_before = new_part(parts, 45, label="before")
    insert(platform, parts, before)
    with server.stopped():
        text = await_named(platform, shop.NAME, parts.name)
        assert "other tables deliver" in text, text
        assert_delivers(platform, USERS, 46)
        assert_delivers(platform, tables["order_lines"], 46)
        assert platform.command("compare", TABLE=USERS.name).returncode == 0
        failed = platform.command("compare", TABLE=parts.name)
        assert failed.returncode != 0
        assert shop.NAME in failed.stdout + failed.stderr, failed.stdout + failed.stderr
    after, key_after = new_part(parts, 47, label="after")
    insert(platform, parts, after)
    await_row(platform, parts, key_before, label="before")
    await_row(platform, parts, key_after, label="after")
    platform.assert_status_ok()
    platform.assert_equal_everywhere(parts.name)


def test_a_table_is_refused_until_its_statements_have_run(
    platform: Platform,
    copy: WorkCopy,
    tables: Mapping[str, Table],
    server: ExternalPostgres,
) -> None:
    server.execute(
        f"SET ROLE {WRITER};"
        "CREATE TABLE public.bolts (id integer PRIMARY KEY, note text);"
        "INSERT INTO public.bolts SELECT n, 'bolt ' || n FROM generate_series(1, 1000) AS n"
    )
    bolts = copy.put("bolts", BOLTS, shop.NAME)
    refused = copy.command("deploy-dags", JSON="1")
    assert refused.returncode == 1, refused.stdout + refused.stderr
    plan = json.loads(refused.stdout)["plan"]["bolts"]
    assert plan["action"] == "refuse"
    assert "ALTER PUBLICATION riada ADD TABLE" in plan["remedy"], plan
    statements = shop.run_statements(platform, copy)
    assert "parts" not in statements, "they are those that are missing"
    copy.deploy()
    eventually(lambda: assert_equal_rows(platform, bolts) == 1000, "the rows of bolts", 180)
    if LONG:
        _truncate(platform, bolts)
    copy.remove("bolts")
    erase(platform, bolts)
    platform.assert_status_ok()
    assert_delivers(platform, tables["parts"], 48)


def _truncate(platform: Platform, table: Table) -> None:
    """Nothing there refuses it, and capture does not see it: a comparison does."""
    platform.servers[shop.NAME].execute(f"TRUNCATE public.{table.name}")
    compared = platform.command("compare", JSON="1", TABLE=table.name)
    assert compared.returncode == 1, compared.stdout + compared.stderr
    repaired = platform.job("repair", table.name)
    assert repaired["erased"] == 1000, repaired
    assert assert_equal_rows(platform, table) == 0


@long
def test_a_dropped_slot_begins_an_epoch_of_its_database_only(
    platform: Platform, server: ExternalPostgres, parts: Table
) -> None:
    platform.assert_status_ok()
    own, before = _own_epoch(platform), _epoch(server)
    server.drop_slot(shop.SLOT)
    eventually(lambda: _epoch(server) == before + 1, "the next epoch", 180)
    assert _own_epoch(platform) == own
    row, key = new_part(parts, 49, label="next epoch")
    insert(platform, parts, row)
    await_row(platform, parts, key, label="next epoch")
    platform.await_repair_asked(parts.name, 120)
    platform.assert_repaired(parts.name)


def _epoch(server: ExternalPostgres) -> int:
    return int(server.execute("SELECT epoch FROM riada.capture"))


def _own_epoch(platform: Platform) -> int:
    return int(platform.sql("SELECT epoch FROM riada.capture", role="observer")[0][0])
