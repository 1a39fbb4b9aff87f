"""A column that no release knows is named, and its values arrive once a release knows it.

Later tests could not use the platform: the topic keeps events at which every other release halts.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.harness.platform import Platform
from tests.harness.rows import await_row, new_text, value_of
from tests.harness.superuser import execute
from tests.harness.tables import USERS
from tests.harness.wait import eventually
from tests.harness.work_copy import WorkCopy


@pytest.mark.timeout(1200)
def test_an_unknown_column_is_named_and_its_values_arrive(
    platform: Platform, tmp_path: Path
) -> None:
    platform.await_run(platform.ingest(5))
    platform.assert_status_ok()
    key = str(platform.sql("SELECT id FROM public.users LIMIT 1")[0][0])
    city = new_text()
    execute(platform, "ALTER TABLE public.users ADD COLUMN nickname text")
    began = time.monotonic()
    platform.sql("UPDATE public.users SET city = %s, nickname = 'x' WHERE id = %s", [city, key])

    def named() -> str | None:
        sentence = str(platform.control_center("GET", "/api/status")["sentence"])
        return sentence if "nickname" in sentence else None

    sentence = eventually(named, "status names the column", 60)
    took = time.monotonic() - began
    print(f"\ncolumn: named after {took:.0f} s: {sentence}")
    assert f"tables/{USERS.name}.toml" in sentence and "make deploy-dags" in sentence
    assert value_of(platform, USERS, key, "city") != city

    copy = WorkCopy(platform, tmp_path / "riada")
    known = (
        copy.path(USERS.name)
        .read_text()
        .replace("[columns]\n", "[columns]\nnickname = 'text null'\n")
    )
    table = copy.put(USERS.name, known)
    copy.deploy()
    await_row(platform, table, key, city=city, nickname="x")
    platform.assert_status_ok()
    platform.assert_equal_everywhere()
