"""The SQL that delivers a table; tests/docker/test_tables.py runs it."""

from __future__ import annotations

import re

from contract.stores.postgres.delivery import deliver, digest, failed, large_values, literal
from contract.table.column import Column
from contract.table.kinds.integer import Int4
from contract.table.kinds.text import Text
from contract.table.table import Table

TABLE = Table("orders", (Column("id", Int4()), Column('a"b', Text(9), nullable=True)), ("id",))


def test_an_update_logs_a_copy_of_every_text() -> None:
    body = re.search(r"BEGIN\n(.*?)\n    RETURN NEW;", large_values(TABLE), re.DOTALL)
    assert body and body[1] == '    NEW."a""b" := NEW."a""b" || \'\';'


def test_a_table_whose_values_are_always_logged_has_no_trigger() -> None:
    table = Table("orders", (Column("id", Int4()),), ("id",))
    assert large_values(table) == 'DROP TRIGGER IF EXISTS log_large_values ON "public"."orders";'


def test_one_transaction_makes_publishes_and_records_the_table() -> None:
    script = deliver(TABLE)
    transaction = script[script.index("BEGIN;") : script.index("COMMIT;")]
    assert 'CREATE TABLE IF NOT EXISTS "public"."orders"' in transaction
    assert 'ADD COLUMN "a""b" varchar(9);' in transaction
    assert f"riada.publish(E'orders', '{digest(TABLE)}'" in transaction
    assert "riada.validate" not in transaction and "riada.validate" in script


def test_the_digest_names_the_definition() -> None:
    same = Table("orders", TABLE.columns, ("id",))
    other = Table("orders", TABLE.columns[:1], ("id",))
    assert digest(TABLE) == digest(same) != digest(other)
    assert re.fullmatch("[0-9a-f]{16}", digest(TABLE))


def test_text_stays_text_in_sql() -> None:
    assert literal('it\'s \\ "x"') == "E'it\\'s \\\\ \"x\"'"
    assert "E'o\\'k', '', E'why'" in failed("o'k", "why")
