"""The size that a replication slot retains, as metrics and pages show it."""

from __future__ import annotations

import math

import pytest

from contract.health.details.slot import SlotDetails


@pytest.mark.parametrize(
    ("active", "size", "retained"),
    [
        (True, 5, 5.0),
        (True, 0, 0.0),
        (False, 5, 5.0),
        (False, 0, math.nan),
        (True, None, math.nan),
        (False, None, math.nan),
    ],
)
def test_an_unread_slot_never_retains_0(active: bool, size: int | None, retained: float) -> None:
    slot = SlotDetails(True, active, retained_wal_bytes=size)
    assert slot.retained == pytest.approx(retained, nan_ok=True)


def test_a_slot_that_does_not_exist_has_no_values() -> None:
    slot = SlotDetails(exists=False, active=False)
    values = slot.to_json().items()
    assert [name for name, value in values if value] == []
    assert [name for name, value in values if value is False] == ["exists", "active"]
