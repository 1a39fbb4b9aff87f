"""A column that the release does not know halts the stream until a release knows it.

The platform is not usable for other tests afterwards: the topic keeps events at which every other
release halts.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from cli.host.paths import ROOT
from tests.harness.people import city_of, new_city
from tests.harness.platform import Platform
from tests.harness.settings import ENVIRONMENT
from tests.harness.superuser import change
from tests.harness.wait import eventually

IGNORED = shutil.ignore_patterns(".git", ".venv", ".riada", ".terraform", "__pycache__")


@pytest.mark.timeout(1200)
def test_a_manual_column_is_named_and_nothing_is_lost(platform: Platform, tmp_path: Path) -> None:
    platform.await_run(platform.ingest(5))
    platform.assert_status_ok()
    person = str(platform.sql("SELECT id FROM public.users LIMIT 1")[0][0])
    city = new_city()
    change(platform, "ALTER TABLE public.users ADD COLUMN nickname text")
    try:
        began = time.monotonic()
        platform.sql("UPDATE public.users SET city = %s WHERE id = %s", [city, person])

        def halted() -> str | None:
            cause = str(platform.control_center("GET", "/api/probes/driver")["summary"])
            return cause if "nickname" in cause else None

        cause = eventually(halted, "status names the column", 60)
        print(f"\ncolumn: named after {time.monotonic() - began:.0f} s")
        assert "to NOT_DELIVERED there and run make deploy-dags" in cause
        assert city_of(platform, person) != city

        _deploy(tmp_path, 'frozenset({"nickname"})')
        eventually(lambda: city_of(platform, person) == city, "the waiting row arrives", 240)
        platform.assert_status_ok()
        platform.assert_equal_everywhere()
    finally:
        change(platform, "ALTER TABLE public.users DROP COLUMN nickname")


def _deploy(folder: Path, not_delivered: str) -> None:
    """Run deploy-dags, as the remedy says, from a copy of the work tree."""
    copy = folder / "riada"
    shutil.copytree(ROOT, copy, ignore=IGNORED)
    (copy / ".riada").symlink_to(ROOT / ".riada")
    columns = copy / "contract/table/columns.py"
    text = columns.read_text()
    assert "NOT_DELIVERED: frozenset[str] = frozenset()" in text
    columns.write_text(
        text.replace("frozenset[str] = frozenset()", f"frozenset[str] = {not_delivered}")
    )
    environment = {**os.environ, **ENVIRONMENT}
    subprocess.run(["python3", "-m", "cli", "deploy-dags"], cwd=copy, env=environment, check=True)
