"""50,000 people of one run arrive, each equal in every field."""

from __future__ import annotations

import pytest

from tests.harness.platform import Platform

PEOPLE = 50_000


@pytest.mark.timeout(1200)
def test_all_three_stores_are_equal(platform: Platform) -> None:
    before = platform.count()
    platform.await_run(platform.ingest(PEOPLE, batch_size=5000))
    assert platform.count() >= before + PEOPLE
    platform.assert_equal_everywhere()
