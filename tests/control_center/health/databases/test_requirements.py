"""What another PostgreSQL lacks: each cause has a remedy, and the statements come in an order in
which they can run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.stores.postgres.capture_schema import PUBLISHED
from contract.table import folder
from control_center.health.databases import statements
from control_center.health.databases.facts import Publication, ServerFacts, TableFacts
from control_center.health.databases.requirements import Requirement, missing, script, warning
from tests.control_center.health.databases.servers import FILES, RIGHTS_HELD, SHOP, TABLES, facts

EVERYTHING = ServerFacts(
    "15.9",
    "replica",
    replicates=False,
    tables={name: TableFacts("n", readable=False) for name in TABLES},
)


def unmet(known: ServerFacts) -> list[Requirement]:
    return missing(SHOP, TABLES, known)


def with_lines(**changed: object) -> ServerFacts:
    known = facts()
    lines = replace(known.tables["lines"], **changed)  # type: ignore[arg-type]
    return replace(known, tables={**known.tables, "lines": lines})


def test_a_server_that_lacks_nothing() -> None:
    assert unmet(facts()) == []


@pytest.mark.parametrize(
    ("known", "cause", "statement"),
    [
        (facts(version="12.20"), "runs PostgreSQL 12.20, and Riada needs 13 or newer", ""),
        (facts(standby=True), "is a standby", ""),
        (facts(wal_level="replica"), "wal_level is replica", statements.SET_WAL_LEVEL),
        (facts(wal_level="replica", rds=True), "wal_level is replica", ""),
        (facts(slot_exists=False, free_slots=0), "has no free replication slot", ""),
        (facts(slot_exists=False, free_senders=0), "has no free WAL sender", ""),
        (facts(replicates=False), "its user riada may not replicate", "LOGIN REPLICATION"),
        (facts(enters=False), "lacks rights in schema riada", "GRANT USAGE ON SCHEMA riada"),
        (facts(publication=None), "has no publication riada", "CREATE PUBLICATION riada FOR TABLE"),
        (
            facts(publication=Publication(own=frozenset(PUBLISHED), complete=False)),
            "leaves out inserts, updates or deletes",
            "SET (publish = 'insert, update, delete')",
        ),
        (facts(publication=Publication(lists=False)), "has all tables", ""),
        (
            facts(publication=Publication(own=frozenset({"riada.heartbeat"}))),
            "leaves riada.signal out",
            "ADD TABLE riada.signal",
        ),
        (with_lines(readable=False), "may not read", 'GRANT SELECT ON "sales"."lines" TO "riada"'),
        (with_lines(hidden=True), "row security may hide rows", 'ALTER ROLE "riada" BYPASSRLS'),
        (with_lines(published=False), 'leaves "sales"."lines" out', 'ADD TABLE "sales"."lines"'),
        (with_lines(filtered=True), 'leaves rows or columns of "sales"."lines" out', ""),
        (
            with_lines(identity="d"),
            "needs REPLICA IDENTITY FULL",
            'ALTER TABLE "sales"."lines" REPLICA IDENTITY FULL',
        ),
    ],
)
def test_one_thing_is_missing(known: ServerFacts, cause: str, statement: str) -> None:
    [item] = unmet(known)
    assert cause in item.cause
    assert item.remedy
    assert statement in item.statement and bool(statement) == bool(item.statement)


def test_slots_are_not_missing_once_capture_has_its_own() -> None:
    assert unmet(facts(free_slots=0, free_senders=0)) == []


def test_a_right_that_is_missing() -> None:
    rights = RIGHTS_HELD | {"riada.signal": frozenset({"SELECT", "INSERT"})}
    [item] = unmet(facts(rights=rights))
    assert 'GRANT SELECT, INSERT, DELETE ON riada.signal TO "riada"' in item.statement


def test_a_table_that_does_not_exist() -> None:
    known = facts()
    [item] = unmet(replace(known, tables={"notes": known.tables["notes"]}))
    assert (item.cause, item.table) == ('has no table "sales"."lines"', "lines")
    assert "tables/shop/lines.toml" in item.remedy


def test_rows_that_debezium_cannot_read_need_a_constraint() -> None:
    known = facts()
    notes = replace(known.tables["notes"], constraints=frozenset())
    [item] = unmet(replace(known, tables={**known.tables, "notes": notes}))
    assert "notes_marks_has_one_dimension" in item.cause
    assert 'VALIDATE CONSTRAINT "notes_marks_has_one_dimension"' in item.statement


def test_a_table_of_small_values_needs_no_full_identity() -> None:
    ids = folder.read(FILES | {"shop/ids.toml": 'key = ["id"]\n[columns]\nid = "int8"\n'}).tables
    table = {"ids": ids["ids"]}
    assert missing(SHOP, table, facts(tables={"ids": TableFacts("d")})) == []
    [item] = missing(SHOP, table, facts(tables={"ids": TableFacts("n")}))
    assert "REPLICA IDENTITY DEFAULT" in item.statement


def test_the_script_makes_things_before_it_needs_them() -> None:
    text = script(SHOP, (item.statement for item in unmet(EVERYTHING)))
    parts = [
        "-- In database sales of shop",
        "ALTER SYSTEM SET wal_level",
        "REPLICATION",
        "CREATE SCHEMA IF NOT EXISTS riada",
        "CREATE TABLE IF NOT EXISTS riada.signal",
        "GRANT USAGE ON SCHEMA riada",
        'GRANT SELECT ON "sales"."lines"',
        "REPLICA IDENTITY FULL",
        "CREATE PUBLICATION riada FOR TABLE riada.heartbeat, riada.signal, "
        '"sales"."lines", "public"."notes"',
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_a_script_of_nothing() -> None:
    assert script(SHOP, ["", ""]) == ""
    assert script(SHOP, ["SELECT 1;", "SELECT 1;"]).count("SELECT 1;") == 1


def test_a_newer_version_is_a_warning() -> None:
    assert "18.1" in warning(facts(version="18.1"))
    assert warning(facts(version="17.2")) == ""
    assert unmet(facts(version="18.1")) == []


def test_a_table_without_a_usable_key_is_not_published() -> None:
    """PostgreSQL would refuse the updates of its application."""
    known = with_lines(has_key=False, published=False)
    [item] = unmet(replace(known, publication=Publication(own=frozenset(PUBLISHED))))
    assert 'Run ALTER TABLE "sales"."lines" ADD PRIMARY KEY ("id")' in item.remedy
    assert item.statement == ""
    created = unmet(replace(known, publication=None))[-1].statement
    assert 'FOR TABLE riada.heartbeat, riada.signal, "public"."notes"' in created
