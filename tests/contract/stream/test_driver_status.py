"""streaming-status.json: written and read by different programs, of different releases."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

from contract.stream.driver_status import (
    DriverState,
    DriverStatus,
    Restart,
    TableState,
    TableStatus,
)

RESTART = Restart("2026-11-26T09:00:00+00:00", "the topic was created again")
ORDERS = TableStatus(TableState.HALTED, "2026-11-26T09:02:00+00:00", "poison", RESTART)
USERS = TableStatus(TableState.RUNNING, "2026-11-26T09:03:00+00:00")
STATUS = DriverStatus(
    DriverState.RETRYING,
    "3f2a9c01d2e4",
    "driver-1",
    "2026-11-26T09:01:00+00:00",
    "why",
    "job-1",
    {"orders": ORDERS, "users": USERS},
)


def test_the_json_that_other_programs_read() -> None:
    assert json.loads(STATUS.to_json()) == {
        "state": "retrying",
        "release": "3f2a9c01d2e4",
        "driver_id": "driver-1",
        "since": "2026-11-26T09:01:00+00:00",
        "cause": "why",
        "job": "job-1",
        "tables": {
            "orders": {
                "state": "halted",
                "since": "2026-11-26T09:02:00+00:00",
                "cause": "poison",
                "restart": {
                    "at": "2026-11-26T09:00:00+00:00",
                    "cause": "the topic was created again",
                },
            },
            "users": {
                "state": "running",
                "since": "2026-11-26T09:03:00+00:00",
                "cause": None,
                "restart": None,
            },
        },
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
    "text",
    [
        "",
        "[]",
        "null",
        "7",
        "{}",
        '{"state": "singing"}',
        '{"state": "running"}',
        STATUS.to_json().replace("halted", "singing"),
        STATUS.to_json().replace('"since"', '"until"'),
    ],
)
def test_another_text_is_not_a_status(text: str) -> None:
    with pytest.raises(ValueError):
        DriverStatus.from_json(text)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(ValueError, match=r"streaming-status\.json is not a driver's .*'release'"):
        DriverStatus.from_json('{"state": "running"}')


def test_a_status_of_an_earlier_release_has_no_tables() -> None:
    values = json.loads(STATUS.to_json())
    del values["job"], values["tables"]
    status = DriverStatus.from_json(json.dumps(values))
    assert (status.job, dict(status.tables)) == ("", {})


def test_now_is_in_utc_and_in_seconds() -> None:
    status = DriverStatus.now(
        DriverState.RETRYING, "r1", "driver-1", "why", "job-1", {"users": USERS}
    )
    expected = DriverStatus(
        DriverState.RETRYING, "r1", "driver-1", status.since, "why", "job-1", {"users": USERS}
    )
    assert status == expected
    table = TableStatus.now(TableState.RETRYING, "why", RESTART)
    assert table == TableStatus(TableState.RETRYING, table.since, "why", RESTART)
    for text in (status.since, table.since, Restart.now("why").at):
        moment = datetime.fromisoformat(text)
        assert moment.utcoffset() == timedelta(0)
        assert moment.microsecond == 0
        assert abs(datetime.now(timezone.utc) - moment) < timedelta(minutes=1)
    assert Restart.now("why").cause == "why"
