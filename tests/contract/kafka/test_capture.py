"""The record of what is captured, and since when capture has not moved."""

from __future__ import annotations

import json

import pytest

from contract.kafka.capture import (
    Capture,
    CapturedTable,
    EpochRequest,
    Progress,
    State,
    connector,
    key,
    request_key,
)

RECORD = Capture(
    epoch=3,
    state=State.CAPTURING,
    system_identifier="7001",
    timeline="00000001",
    lsn=26_000_000,
    mark=17,
    at="2026-11-26T09:00:10.000+00:00",
    began_at="2026-11-26T09:00:00.000+00:00",
    reason="nothing was captured before",
    log_id="def",
    cluster_id="ghi",
    tables={"orders": CapturedTable("public.orders", "abc", ("id", "line"), True, "EMPTY")},
)


def test_the_json_that_other_programs_read() -> None:
    assert json.loads(RECORD.to_json()) == {
        "epoch": 3,
        "state": "capturing",
        "system_identifier": "7001",
        "timeline": "00000001",
        "lsn": 26_000_000,
        "mark": 17,
        "at": "2026-11-26T09:00:10.000+00:00",
        "began_at": "2026-11-26T09:00:00.000+00:00",
        "reason": "nothing was captured before",
        "log_id": "def",
        "cluster_id": "ghi",
        "tables": {
            "orders": {
                "relation": "public.orders",
                "topic_id": "abc",
                "columns": ["id", "line"],
                "read": True,
                "error": "EMPTY",
            }
        },
    }


@pytest.mark.parametrize(
    ("database", "names"),
    [
        ("", ("riada", "capture", "new-epoch")),
        ("shop", ("riada-shop", "capture.shop", "new-epoch.shop")),
    ],
)
def test_the_names_of_a_database(database: str, names: tuple[str, str, str]) -> None:
    assert (connector(database), key(database), request_key(database)) == names


def test_a_request_of_an_earlier_release_asks_for_no_fresh_topics() -> None:
    request = EpochRequest.from_json('{"after": 3, "reason": "an operator requested it"}')
    assert request == EpochRequest(3, "an operator requested it", fresh_topics=False)
    assert EpochRequest.from_json(request.to_json()) == request


def test_the_last_record_of_a_database_that_the_release_no_longer_has() -> None:
    ended = Capture.from_json(json.dumps(json.loads(RECORD.to_json()) | {"state": "ended"}))
    assert ended.state is State.ENDED


def test_a_round_trip_changes_nothing() -> None:
    read = Capture.from_json(RECORD.to_json().encode())
    assert read == RECORD
    assert read.state is State.CAPTURING


def test_records_of_other_releases() -> None:
    values = json.loads(RECORD.to_json()) | {"unknown": 1}
    del values["tables"], values["log_id"]
    read = Capture.from_json(json.dumps(values))
    assert (read.epoch, read.tables, read.log_id) == (3, {}, "")


@pytest.mark.parametrize(("confirmed", "messages"), [("0/2", 5), ("0/1", 6)])
def test_capture_moves_with_the_slot_or_the_topic(confirmed: str, messages: int) -> None:
    progress = Progress()
    assert progress.stuck_s("0/1", 5, 100.0) == 0.0
    assert progress.stuck_s("0/1", 5, 160.0) == 60.0
    assert progress.stuck_s(confirmed, messages, 170.0) == 0.0
    assert progress.stuck_s(confirmed, messages, 171.0) == 1.0


def test_time_counts_from_the_reset() -> None:
    progress = Progress()
    progress.stuck_s("0/1", 5, 100.0)
    progress.reset()
    assert progress.stuck_s("0/1", 5, 200.0) == 0.0
