"""The tables of the page Stages show fields that the stages have."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args, get_type_hints

import pytest

from contract.health.details.slot import SlotDetails
from control_center.health.stages import STAGES
from control_center.health.stages.replication_slot import ReplicationSlotStage
from control_center.web.ui.pages.stages import TABLES, TITLES


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
    assert set(TABLES["postgres"]["slot"]) <= known | {"retained", "unconfirmed", "safe"}
