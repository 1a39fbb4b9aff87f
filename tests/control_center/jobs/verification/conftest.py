"""Two equal stores in memory, and their clock."""

from __future__ import annotations

import pytest

from tests.control_center.jobs.verification.in_memory_stores import Clock, InMemoryStores
from tests.control_center.jobs.verification.running import twelve_rows


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stores(clock: Clock) -> InMemoryStores:
    return twelve_rows(clock)
