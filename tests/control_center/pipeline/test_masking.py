"""Personal values are masked, and no others."""

from __future__ import annotations

import json
import math

from contract.table import file
from control_center.pipeline.masking import MASK, masked
from tests.control_center.sample_tables import USERS


def test_every_personal_column_is_masked_and_no_other() -> None:
    record = {column.name: f"value of {column.name}" for column in USERS.columns}
    result = masked(USERS, record)
    assert {name for name, value in result.items() if value == MASK} == USERS.personal
    assert all(result[name] == record[name] for name in record.keys() - USERS.personal)


def test_a_missing_column_is_not_masked() -> None:
    assert masked(USERS, {"email": None, "__op": "d"}) == {"email": None, "__op": "d"}


def test_rows_within_are_masked_too() -> None:
    assert masked(USERS, {"after": {"email": "a@b.c", "nat": "ES"}}) == {
        "after": {"email": MASK, "nat": "ES"}
    }


def test_a_message_of_any_schema_can_be_answered_as_json() -> None:
    record = {"x": math.nan, "y": [math.inf, 1.5, b"\xff", {"email": "a@b.c"}], "n": None}
    shown = masked(USERS, record)
    json.dumps(shown, allow_nan=False)
    assert shown == {"x": "nan", "y": ["inf", 1.5, "b'\\xff'", {"email": MASK}], "n": None}


def test_a_field_is_masked_by_the_name_that_debezium_gives_it() -> None:
    columns = '[columns]\nid = "int4"\n"näme" = "text personal"'
    table = file.read("t", f'key = ["id"]\nnot_delivered = ["sécret"]\n{columns}')
    record = {"id": 1, "n_me": "Ana", "näme": "Ana", "s_cret": "x", "sécret": "x"}
    assert masked(table, record) == {"id": 1} | dict.fromkeys([*record][1:], MASK)
