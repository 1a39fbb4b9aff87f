"""The tables of the page Stages show fields that the stages have."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import get_args, get_type_hints

import pytest

from contract.health.details.slot import SlotDetails
from contract.health.state import ProbeState
from control_center.health.stages import STAGES
from control_center.health.stages.connect import ConnectorPart, ConnectStage
from control_center.health.stages.replication_slot import Finding, ReplicationSlotStage
from control_center.web.ui.pages.stages import TABLES, TITLES, rows_of


def test_every_stage_has_a_section() -> None:
    assert set(TITLES) == set(TABLES) == set(STAGES)


@pytest.mark.parametrize(
    ("stage", "table"),
    [(stage, table) for stage in TABLES if stage != "postgres" for table in TABLES[stage]],
)
def test_every_column_is_a_field_of_the_row(stage: str, table: str) -> None:
    answer = get_type_hints(STAGES[stage])["return"]
    row = get_args(get_type_hints(answer)[table])[0]
    assert set(TABLES[stage][table]) <= {field.name for field in fields(row)}


def test_every_column_of_the_slot_is_a_field_or_a_size() -> None:
    known = {field.name for kind in (ReplicationSlotStage, SlotDetails) for field in fields(kind)}
    added = {"database", "retained", "unconfirmed", "safe"}
    assert set(TABLES["postgres"]["slot"]) <= known | added


def test_each_database_has_a_slot() -> None:
    slot = SlotDetails(True, True, databases={"shop": SlotDetails(True, False)})
    findings = {"": Finding(ProbeState.OK, "read"), "shop": Finding(ProbeState.FAIL, "unread")}
    stage = ReplicationSlotStage(ProbeState.FAIL, "shop: unread", slot, findings)
    rows = rows_of(stage, "slot")
    assert [(row["database"], row["state"], row["summary"]) for row in rows] == [
        ("people", "ok", "read"),
        ("shop", "fail", "unread"),
    ]
    assert {*TABLES["postgres"]["slot"]} <= {*rows[1]}


def test_each_database_has_a_connector() -> None:
    part = ConnectorPart("connector", "RUNNING", "connect:8083", "")
    stage = ConnectStage("riada", (part, replace(part, database="shop")))
    assert [row["database"] for row in rows_of(stage, "parts")] == ["people", "shop"]
