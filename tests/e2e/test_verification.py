"""Verification runs unasked: it finds what differs by key and kind, and sees what a repair did."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from cassandra.cluster import Session

from contract.health.details.verification import DifferenceKind, TableVerification
from contract.stores.cassandra import batches
from contract.stores.cassandra import table as cassandra
from contract.stores.postgres import table as postgres
from contract.stores.postgres.publication import PUBLICATION
from control_center.clients.clients import Clients
from control_center.jobs.verification.connections import Connections
from control_center.jobs.verification.postgres import RANGES_SINCE, PostgresReader, of_blocks
from tests.harness import superuser
from tests.harness.platform import Platform
from tests.harness.prometheus import firing
from tests.harness.rows import await_row, insert, new_id, new_text, row, version_of
from tests.harness.tables import USERS
from tests.harness.wait import eventually

ALERT = "RowsDiffer"
LIMIT_S = 300
# So much newer than the deleted row is the one that somebody writes back. The stream refuses
# versions of more than 16 GiB of WAL ahead, also of the delete that repairs it.
REVIVED = 1 << 30
OLDEST = 1  # write timestamp: before every commit
PUBLISHED = "insert, update, delete, truncate"  # PostgreSQL's default


@dataclass
class Planted:
    """Key → the kind of its difference, and the columns that differ."""

    expected: dict[str, tuple[DifferenceKind, tuple[str, ...]]] = field(default_factory=dict)


@pytest.mark.timeout(1500)
def test_planted_corruptions_are_found_by_key_and_kind_and_repaired(platform: Platform) -> None:
    keys = [new_id() for _ in range(8)]
    insert(platform, USERS, *(row(USERS, id=key, city="Oslo") for key in keys))
    for key in keys:
        await_row(platform, USERS, key, city="Oslo")
    eventually(lambda: is_verified(platform), "all rows are verified", LIMIT_S)
    eventually(lambda: "verified through" in sentence(platform), "status says so", LIMIT_S)
    print(sentence(platform))

    planted = plant(platform, keys)
    began = time.monotonic()
    times: dict[str, float] = {}
    skipped = 0.0

    def all_are_found() -> bool:
        nonlocal skipped
        report = verification(platform)
        for known in report.first:
            seen = (known.kind, known.fields)
            if planted.expected.get(known.key) == seen and known.key not in times:
                times[known.key] = time.monotonic() - began
                print(f"{time.monotonic() - began:5.1f} s  {known}")
            if known.kind is DifferenceKind.SKIPPED and not skipped:
                skipped = time.monotonic() - began
                print(f"{skipped:5.1f} s  {known}")
        return times.keys() == planted.expected.keys() and skipped > 0

    eventually(all_are_found, "every corruption is reported", LIMIT_S)
    report = verification(platform)
    assert {known.key for known in report.first} >= planted.expected.keys()
    status = platform.command("status")
    print(sentence(platform))
    assert status.returncode != 0
    assert "make repair TABLE=users" in status.stdout
    eventually(lambda: ALERT in firing(platform), f"{ALERT} fires", LIMIT_S)

    repaired = platform.command("repair", JSON="1", TABLE=USERS.name)
    assert repaired.returncode == 0, repaired.stdout + repaired.stderr
    assert json.loads(repaired.stdout)["ok"]
    at = time.time()
    eventually(lambda: is_verified(platform, since=at), "all rows are verified again", LIMIT_S)
    assert verification(platform).differences == 0
    eventually(lambda: ALERT not in firing(platform), f"{ALERT} ends", LIMIT_S)
    platform.assert_equal_everywhere()


def sentence(platform: Platform) -> str:
    """What status says. After another test a probe may still fail, and is named instead."""
    return str(platform.control_center("GET", "/api/status")["sentence"])


def test_every_version_of_postgresql_reads_a_range_of_blocks_without_a_scan(
    platform: Platform,
) -> None:
    """External servers may be older than the platform's."""
    users = postgres.qualified(USERS)
    plans, places = [], []
    with platform.postgres("observer") as connection, connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")  # the table of this test is small
        for version in (130000, RANGES_SINCE):
            condition, parameters = of_blocks(1, 3, version)
            cursor.execute(f"SELECT ctid::text FROM {users} WHERE {condition}", parameters)
            places.append({place for (place,) in cursor.fetchall()})
            cursor.execute(f"EXPLAIN SELECT FROM {users} WHERE {condition}", parameters)
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
    assert places[0] == places[1]
    assert {place[1:].partition(",")[0] for place in places[0]} <= {"1", "2"}
    assert "Tid Scan" in plans[0]
    assert "Tid Range Scan" in plans[1]


def test_rows_of_open_and_nested_transactions_are_recent_changes(platform: Platform) -> None:
    """A snapshot does not show them, and the next pass does."""
    outer, inner, finished = new_id(), new_id(), new_id()
    clients = HostClients(platform)
    reader = PostgresReader(clients, Connections(clients), USERS)
    with platform.postgres() as connection, connection.cursor() as cursor:
        insert_into(cursor, outer)
        cursor.execute("SAVEPOINT nested")
        insert_into(cursor, inner)
        insert(platform, USERS, row(USERS, id=finished, city="Oslo"))
        before = reader.snapshot()
        connection.commit()
    insert(platform, USERS, row(USERS, id=new_id(), city="Oslo"))
    with reader.changed(before) as changes:
        keys = {key for part in changes.parts for key in part}
    assert {outer, inner} <= keys
    later = reader.snapshot()
    with reader.changed(later) as changes:
        assert not {outer, inner, finished} & {key for part in changes.parts for key in part}


class HostClients(Clients):
    """Reaches PostgreSQL through its published port."""

    def __init__(self, platform: Platform) -> None:
        super().__init__()
        self._platform = platform

    @contextmanager
    def postgres(self, *_: Any, **__: Any) -> Iterator[Any]:
        with self._platform.postgres("observer") as connection:
            yield connection


def insert_into(cursor: Any, key: str) -> None:
    values = row(USERS, id=key, city="Oslo")
    names, markers = ", ".join(values), ", ".join(["%s"] * len(values))
    statement = f"INSERT INTO {postgres.qualified(USERS)} ({names}) VALUES ({markers})"
    cursor.execute(statement, list(values.values()))


def plant(platform: Platform, keys: list[str]) -> Planted:
    """Seven corruptions of rows, and a batch without its record."""
    missing, stale, changed, revived, nulled, *_ = keys
    lost, added = new_id(), new_id()
    with platform.cassandra("spark") as session:
        old, deleted = stored(session, stale), stored(session, revived)
        platform.sql(f"UPDATE {postgres.qualified(USERS)} SET city = %s WHERE id = %s",
                     [new_text(), stale])  # fmt: skip
        platform.sql(f"DELETE FROM {postgres.qualified(USERS)} WHERE id = %s", [revived])
        eventually(lambda: stored(session, stale) != old, "the update arrived", LIMIT_S)
        eventually(lambda: stored(session, revived) is None, "the delete arrived", LIMIT_S)
        assert old is not None and deleted is not None
        write(session, old, version_of(platform, USERS, stale) + 1)
        write(session, deleted, int(deleted["version"]) + REVIVED)
        later = {key: version_of(platform, USERS, key) + 1 for key in (missing, changed, nulled)}
        session.execute(f"DELETE FROM users USING TIMESTAMP {later[missing]} WHERE id = {missing}")
        session.execute(
            f"UPDATE users USING TIMESTAMP {later[changed]} SET city = 'x' WHERE id = {changed}"
        )
        session.execute(
            f"UPDATE users USING TIMESTAMP {later[nulled]} SET city = null WHERE id = {nulled}"
        )
        session.execute(
            f"INSERT INTO users (id, city) VALUES ({added}, 'x') USING TIMESTAMP {OLDEST}"
        )
        lose(platform, lost)
        forget_a_batch(platform, session)
    return Planted(
        {
            missing: (DifferenceKind.MISSING, ()),
            stale: (DifferenceKind.STALE, ("city",)),
            changed: (DifferenceKind.FIELD, ("city",)),
            revived: (DifferenceKind.UNDELETED, ()),
            nulled: (DifferenceKind.NULLED, ("city",)),
            added: (DifferenceKind.EXTRA, ()),
            lost: (DifferenceKind.MISSING, ()),
        }
    )


def lose(platform: Platform, key: str) -> None:
    """Commit a row that the publication does not carry."""
    superuser.change(platform, f"ALTER PUBLICATION {PUBLICATION} SET (publish = 'update, delete')")
    try:
        insert(platform, USERS, row(USERS, id=key))
    finally:
        superuser.change(platform, f"ALTER PUBLICATION {PUBLICATION} SET (publish = '{PUBLISHED}')")


def forget_a_batch(platform: Platform, session: Session) -> None:
    """Remove the record of one batch between two others."""
    written = time.time()
    for _ in range(3):
        key = new_id()
        insert(platform, USERS, row(USERS, id=key, city="Oslo"))
        await_row(platform, USERS, key, city="Oslo")
        time.sleep(2)  # a batch of its own
    day = time.strftime("%Y-%m-%d", time.gmtime(written))
    rows = list(session.execute(batches.NEWEST.replace("?", "%s"), (USERS.name, day, 2)))
    session.execute(
        f"DELETE FROM {batches.TABLE} WHERE job = %s AND day = %s AND written_at = %s"
        " AND batch_id = %s",
        (USERS.name, day, rows[1].written_at, rows[1].batch_id),
    )


def stored(session: Session, key: str) -> Mapping[str, Any] | None:
    """The row as Cassandra stores it, with its version."""
    names = ", ".join(cassandra.columns(USERS))
    row = session.execute(
        f"SELECT {names}, WRITETIME(source_lsn) AS version FROM users WHERE id = {key}"
    ).one()
    return dict(row._asdict()) if row else None


def write(session: Session, values: Mapping[str, Any], version: int) -> None:
    names = list(cassandra.columns(USERS))
    statement = session.prepare(cassandra.insert_row(USERS))
    session.execute(statement, [*(values[name] for name in names), version])


def is_verified(platform: Platform, since: float | None = None) -> bool:
    """Is every change verified until now, or until `since`?"""
    report = verification(platform)
    wanted = time.time() - 60 if since is None else since
    return report.differences == 0 and (report.through or 0.0) > wanted


def verification(platform: Platform) -> TableVerification:
    result = platform.control_center("GET", "/api/probes/verification")
    tables = (result["details"] or {}).get("tables", {})
    empty = {"at": 0.0, "began_at": 0.0}
    return TableVerification.from_json(tables.get(USERS.name, empty))
