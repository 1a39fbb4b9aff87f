"""50,000 rows of one run arrive, each equal in every field."""

from __future__ import annotations

import pytest

from tests.harness.platform import Platform
from tests.harness.settings import long

ROWS = 50_000


# Each later comparison of the session reads these rows too.
@long
@pytest.mark.timeout(1200)
def test_all_three_stores_are_equal(platform: Platform) -> None:
    before = platform.count()
    platform.await_run(platform.ingest(ROWS, batch_size=5000))
    assert platform.count() >= before + ROWS
    platform.assert_equal_everywhere()
