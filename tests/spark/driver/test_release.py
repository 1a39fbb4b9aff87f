"""A driver stops when the artifacts store names another release."""

from __future__ import annotations

from pathlib import Path

import pytest
from riada_stream.driver.release import is_superseded
from riada_stream.settings import Settings


@pytest.mark.parametrize(
    ("wanted", "expected"), [(None, False), ("", False), ("r1\n", False), ("r2", True)]
)
def test_is_superseded(tmp_path: Path, wanted: str | None, expected: bool) -> None:
    settings = Settings("r1", artifacts=tmp_path)
    if wanted is not None:
        settings.wanted_release_file.write_text(wanted)
    assert is_superseded(settings) is expected
