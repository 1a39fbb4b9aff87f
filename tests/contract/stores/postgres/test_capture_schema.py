"""The tables of schema riada in each captured PostgreSQL."""

from __future__ import annotations

import re

from contract.stores.postgres.capture_schema import DDL, PUBLISHED, RIGHTS, grants


def test_each_table_has_rights_and_is_made_once() -> None:
    made = re.findall(r"CREATE TABLE IF NOT EXISTS (\S+)", DDL)
    assert sorted(made) == sorted(RIGHTS)
    assert {*PUBLISHED} < {*made}


def test_the_name_of_a_role_is_quoted() -> None:
    lines = grants('a"b').splitlines()
    assert lines[0] == 'GRANT USAGE ON SCHEMA riada TO "a""b";'
    assert len(lines) == 1 + len(RIGHTS)
