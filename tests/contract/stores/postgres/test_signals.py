"""Requests for rows that PostgreSQL holds already."""

from __future__ import annotations

import json

from contract.stores.postgres.signals import Sender, snapshot
from contract.table.file import read

ORDERS = read("orders", 'key = ["id"]\nschema = "Shop"\n\n[columns]\nid = "int8"\n')
LINES = read("lines", 'key = ["id"]\n\n[columns]\nid = "int8"\n')


def test_all_rows_of_two_tables() -> None:
    identity, kind, data = snapshot(Sender.MANAGER, [ORDERS, LINES])
    assert identity.startswith("rows-") and len(identity) <= 42
    assert kind == "execute-snapshot"
    names = ['"Shop"."orders"', '"public"."lines"']
    assert json.loads(data) == {"type": "incremental", "data-collections": names}


def test_some_rows_of_a_table() -> None:
    identity, _, data = snapshot(Sender.CONTROL_CENTER, [ORDERS], "id = 1")
    assert identity.startswith("again-") and len(identity) <= 42
    conditions = json.loads(data)["additional-conditions"]
    assert conditions == [{"data-collection": ".*", "filter": "id = 1"}]
