"""Status names a source without rows, or with rejected rows only, within a minute."""

from __future__ import annotations

import time

import pytest

from tests.harness.faulty_source import source_with
from tests.harness.platform import Platform
from tests.harness.settings import long
from tests.harness.wait import eventually

LIMIT_S = 60


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("no_people", "answers 200 and no items"),
        pytest.param("no_login", "login.uuid: missing", marks=long),
    ],
)
def test_status_names_the_source(platform: Platform, kind: str, words: str) -> None:
    platform.assert_status_ok()
    with source_with(platform, kind):
        platform.ingest(20)
        began = time.monotonic()
        eventually(lambda: words in _sentence(platform), f"status has {words!r}", LIMIT_S)
        print(f"\n{kind}: status after {time.monotonic() - began:.1f} s")
    platform.await_end(platform.ingest(20))
    eventually(lambda: words not in _sentence(platform), "status no longer names it", 60)


def test_a_run_whose_rows_are_all_rejected_fails_with_the_reason(platform: Platform) -> None:
    with source_with(platform, "no_login"):
        run = platform.ingest(20)
        eventually(lambda: platform.run_state(run) == "failed", "the run failed", 120)
        words = "all 20 items of"
        eventually(lambda: words in _probe(platform, "airflow"), "status names the reason", LIMIT_S)
    platform.await_end(platform.ingest(5))


def _sentence(platform: Platform) -> str:
    return str(platform.control_center("GET", "/api/status")["sentence"])


def _probe(platform: Platform, name: str) -> str:
    probes = platform.control_center("GET", "/api/status")["probes"]
    return next(str(probe["details"]) for probe in probes if probe["name"] == name)
