"""streaming-status.json: written and read by different programs, of different releases."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

from contract.stream.driver_status import DriverState, DriverStatus, Restart

RESTART = Restart("2026-11-26T09:00:00+00:00", "the topic was created again")
STATUS = DriverStatus(
    DriverState.HALTED, "3f2a9c01d2e4", "driver-1", "2026-11-26T09:01:00+00:00", "why", RESTART
)


def test_the_json_that_other_programs_read() -> None:
    assert json.loads(STATUS.to_json()) == {
        "state": "halted",
        "release": "3f2a9c01d2e4",
        "driver_id": "driver-1",
        "since": "2026-11-26T09:01:00+00:00",
        "cause": "why",
        "restart": {"at": "2026-11-26T09:00:00+00:00", "cause": "the topic was created again"},
    }


@pytest.mark.parametrize("state", list(DriverState))
def test_a_round_trip_changes_nothing(state: DriverState) -> None:
    status = DriverStatus(state, "3f2a9c01d2e4", "driver-1", "2026-11-26T09:01:00+00:00")
    assert DriverStatus.from_json(status.to_json()) == status
    assert DriverStatus.from_json(STATUS.to_json()) == STATUS
    assert Restart.from_json(RESTART.to_json()) == RESTART


def test_fields_of_another_release_are_ignored() -> None:
    text = json.dumps(json.loads(STATUS.to_json()) | {"new": 1})
    assert DriverStatus.from_json(text) == STATUS


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "7", "{}", '{"state": "singing"}', '{"state": "running"}']
)
def test_another_text_is_not_a_status(text: str) -> None:
    with pytest.raises(ValueError):
        DriverStatus.from_json(text)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(ValueError, match=r"streaming-status\.json is not a driver's .*'release'"):
        DriverStatus.from_json('{"state": "running"}')


def test_now_is_in_utc_and_in_seconds() -> None:
    status = DriverStatus.now(DriverState.RETRYING, "r1", "driver-1", "why", RESTART)
    expected = DriverStatus(DriverState.RETRYING, "r1", "driver-1", status.since, "why", RESTART)
    assert status == expected
    for text in (status.since, Restart.now("why").at):
        moment = datetime.fromisoformat(text)
        assert moment.utcoffset() == timedelta(0)
        assert moment.microsecond == 0
        assert abs(datetime.now(timezone.utc) - moment) < timedelta(minutes=1)
    assert Restart.now("why").cause == "why"
