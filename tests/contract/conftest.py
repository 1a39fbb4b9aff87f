"""Real answers of the API (seed "contract", pages 1 and 2), their secrets replaced by SECRET-…"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

PEOPLE = json.loads((Path(__file__).parent / "data/people.json").read_text(encoding="utf-8"))


@pytest.fixture
def people() -> list[dict[str, Any]]:
    return copy.deepcopy(PEOPLE)


@pytest.fixture
def person() -> dict[str, Any]:
    return copy.deepcopy(PEOPLE[0])
