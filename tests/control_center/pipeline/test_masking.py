"""Personal values are masked, and no others."""

from __future__ import annotations

import json
import math

from contract.table.columns import COLUMNS, PERSONAL
from control_center.pipeline.masking import MASK, masked


def test_every_personal_column_is_masked_and_no_other() -> None:
    record = {column.name: f"value of {column.name}" for column in COLUMNS}
    result = masked(record)
    assert {name for name, value in result.items() if value == MASK} == PERSONAL
    assert all(result[name] == record[name] for name in record.keys() - PERSONAL)


def test_a_missing_column_is_not_masked() -> None:
    assert masked({"email": None, "__op": "d"}) == {"email": None, "__op": "d"}


def test_people_within_are_masked_too() -> None:
    assert masked({"after": {"email": "a@b.c", "nat": "ES"}}) == {
        "after": {"email": MASK, "nat": "ES"}
    }


def test_a_message_of_any_schema_can_be_answered_as_json() -> None:
    record = {"x": math.nan, "y": [math.inf, 1.5, b"\xff", {"email": "a@b.c"}], "n": None}
    shown = masked(record)
    json.dumps(shown, allow_nan=False)
    assert shown == {"x": "nan", "y": ["inf", 1.5, "b'\\xff'", {"email": MASK}], "n": None}
