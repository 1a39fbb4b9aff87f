"""A run whose people were all rejected fails, and gives the reason."""

from __future__ import annotations

import pytest
from ingest.outcome import failure

URL = "http://people.example/api/"


def test_a_run_whose_people_were_all_rejected_fails() -> None:
    text = failure({"fetched": 70, "stored": 0, "rejected": 70}, URL, "login.uuid: missing")
    assert text.startswith(f"all 70 people of {URL} were rejected")
    assert "login.uuid: missing" in text
    assert "RANDOMUSER_URL" in text


@pytest.mark.parametrize(
    "done",
    [
        {"fetched": 70, "stored": 1, "rejected": 69},
        {"fetched": 70, "stored": 70, "rejected": 0},
        {"fetched": 0, "stored": 0, "rejected": 0},
    ],
)
def test_any_other_run_ends_well(done: dict[str, int]) -> None:
    assert failure(done, URL, "") == ""
