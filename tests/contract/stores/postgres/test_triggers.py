"""Triggers that log large values and refuse what logical decoding leaves out."""

from __future__ import annotations

import re

from contract.stores.postgres import sql, triggers
from tests.contract.forms import FORMS


def test_an_update_logs_a_copy_of_every_text() -> None:
    body = re.search(r"BEGIN\n(.*?)\n    RETURN NEW;", triggers.large_values(), re.DOTALL)
    assert body
    assert body[1].splitlines() == [
        f"    NEW.{form.name} := NEW.{form.name} || '';"
        for form in FORMS
        if form.postgres.startswith("varchar")
    ]


def test_the_guard_names_the_tables_and_the_publication() -> None:
    assert "ARRAY['public.users', 'public.heartbeat', 'public.capture']" in triggers.REFUSE_DDL
    assert "object_identity = 'riada'" in triggers.REFUSE_DDL
    assert "address_args = '{riada}'" in triggers.REFUSE_DDL


def test_ddl_has_every_part_in_order() -> None:
    parts = [triggers.large_values(), triggers.REFUSE_TRUNCATE, triggers.REFUSE_DDL]
    assert triggers.ddl() == "\n".join(parts)
    everything = sql.ddl()
    assert everything.startswith("SET riada.ddl = 'on';\n\nCREATE TABLE")
    assert everything.endswith(f"{triggers.ddl()}\nRESET riada.ddl;\n")


def test_the_users_table() -> None:
    table = sql.users_table()
    assert table.startswith("CREATE TABLE IF NOT EXISTS public.users (\n    id uuid NOT NULL,\n")
    assert ",\n    PRIMARY KEY (id)\n);\nALTER TABLE public.users\n    ADD COLUMN" in table
    assert table.endswith(";\n")
