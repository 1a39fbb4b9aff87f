"""The rejected items of a row are found by its key, wherever the item has it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from control_center.jobs.erase import rejects
from control_center.pipeline.erasures.record import Erasure
from control_center.pipeline.erasures.selection import OneKey, Recorded
from tests.control_center.in_memory_clients import COMMITTED, COMMITTED_AT, InMemoryClients
from tests.control_center.sample_tables import ORDERS, USERS

KEY = "0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5e"
OTHER = "0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5f"


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"login": {"uuid": KEY}}, {KEY}),
        ({"login": {"uuid": KEY.upper()}, "name": None}, {KEY}),
        ({"login": None, "ids": ["x", {"uuid": KEY}]}, {KEY}),
        ({"login": {"uuid": OTHER}, "note": KEY}, {KEY, OTHER}),
        (KEY, {KEY}),
        ({"login": {"uuid": 7}}, set()),
        ([None, 1.5, True], set()),
        (None, set()),
    ],
)
def test_the_keys_of_an_item(item: Any, expected: set[str]) -> None:
    assert set(rejects.keys(USERS, item)) == expected


def test_the_key_of_several_columns_is_at_its_place() -> None:
    item = {"customer": "ada", "number": 7, "note": "x"}
    assert list(rejects.keys(ORDERS, item)) == ['["ada",7]']
    assert list(rejects.keys(ORDERS, {"customer": "ada"})) == []


def test_items_of_this_table_and_row(tmp_path: Path) -> None:
    clients = InMemoryClients(tmp_path)
    clients.database.rejects = [
        (1, "users", {"login": {"uuid": KEY}}, COMMITTED),
        (2, "users", {"login": {"uuid": OTHER}}, COMMITTED),
        (3, "orders", {"login": {"uuid": KEY}}, COMMITTED),
    ]
    assert rejects.selected(clients, USERS, OneKey(KEY, (KEY,))) == [1]
    for ended, expected in ((COMMITTED_AT, [1]), (COMMITTED_AT - 1, [])):
        records = Recorded({KEY: Erasure(KEY, "users", 0, ended)}, str)
        assert rejects.selected(clients, USERS, records) == expected
