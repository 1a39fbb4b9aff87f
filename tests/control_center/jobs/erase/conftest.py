"""A platform on which two people are in every store."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.control_center.jobs.erase.platform import ADA, BOB, Platform


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    platform = Platform(tmp_path)
    platform.plant(ADA, BOB)
    return platform
