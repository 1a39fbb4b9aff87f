"""An erasure on a platform in memory: a marker is in every store before, and in none after."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta
from typing import Any

import pytest

from contract.errors import InvalidInputError
from contract.jobs.erase import EraseRequest, EraseResult
from contract.kafka.dead_letters import ORIGIN_OFFSET, ORIGIN_PARTITION, TIMESTAMP
from contract.stores.postgres.roles import Role
from contract.table.table import Table
from control_center.jobs.erase import rows, run
from control_center.jobs.erase.run import erase_with
from control_center.pipeline.dead_letter_replay import DeadLetterReplay
from control_center.pipeline.erasures.erasures import Erasures
from tests.control_center.in_memory_clients import (
    InMemoryMessage,
    event,
    message_key,
)
from tests.control_center.jobs.compare.in_memory import SteppingClock
from tests.control_center.jobs.erase.platform import ADA, BOB, NOW, Platform, again, erase
from tests.control_center.sample_tables import DEAD_LETTERS, ORDERS, TOPIC, USERS


def counts(result: EraseResult) -> tuple[int, int, int, int]:
    return result.postgres, result.rejects, result.dead_letters, result.cassandra


def test_a_marker_is_in_every_store_before_and_in_none_after(platform: Platform) -> None:
    assert platform.stores_with_it() == {"postgres", "rejects", "dead letters", "cassandra"}
    result = erase(platform, ADA[0].upper())
    assert (result.ok, result.remains, counts(result)) == (True, (), (1, 1, 1, 1))
    assert platform.stores_with_it() == set()
    assert set(platform.database.rows["users"]) == {BOB[0]}
    assert len(platform.database.rejects) == 1
    assert platform.database.roles.count(Role.INGEST) == 2


def test_nothing_that_is_kept_names_the_key(
    platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    result = erase(platform)
    printed = capsys.readouterr().out + json.dumps(result.to_json())
    files = [path.read_text() for path in platform.settings.state.rglob("*.*") if path.is_file()]
    assert len(files) >= 2
    records = repr(platform.database.erasures) + repr(platform.broker.topics["riada.erasures"])
    for text in (printed, *files, records):
        assert ADA[0] not in text


def test_it_can_be_asked_again_and_the_dates_stay(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    minutes = itertools.count(int(NOW.timestamp() * 1000), 60_000)
    monkeypatch.setattr(run, "_now_ms", lambda: next(minutes))
    first, second = erase(platform), erase(platform)
    assert (second.ok, counts(second)) == (True, (0, 0, 0, 0))
    assert second.erased_at == first.erased_at
    topic = [trace.until for trace in second.traces if TOPIC in trace.what and trace.until]
    assert topic == [trace.until for trace in first.traces if f"topic {TOPIC}," in trace.what]


def test_a_row_that_only_cassandra_has_gets_a_delete_event(platform: Platform) -> None:
    del platform.database.rows["users"][ADA[0]]
    clock = SteppingClock(*[platform.batch] * 40)
    result = erase_with(platform, USERS, EraseRequest("users", ADA[0]), clock)
    assert (result.ok, counts(result)) == (True, (0, 1, 1, 1))
    assert [message for message in platform.broker.produced if message["topic"] == TOPIC]


def test_a_pipeline_that_stands_still_is_reported(platform: Platform) -> None:
    platform.database.captured, platform.stopped = False, True
    result = erase(platform)
    assert not result.ok
    [sentence] = result.remains
    assert sentence.startswith("Cassandra holds 1 rows: make status")
    assert Erasures.of(platform).unfinished(USERS)
    platform.database.captured = True
    platform.store.rows["users"].pop(ADA[0])
    assert erase(platform).ok
    assert not Erasures.of(platform).unfinished(USERS)


def test_a_change_on_its_way_may_bring_a_row_back(platform: Platform) -> None:
    platform.database.captured = False
    result = erase(platform)
    assert not result.ok
    assert result.remains[0].startswith("the pipeline has not carried every change within 600 s")


def test_a_row_that_is_inserted_again_meanwhile_is_reported(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget = rows.forget_requests

    def insert_and_forget(*arguments: Any) -> None:
        platform.database.rows["users"][ADA[0]] = ADA
        forget(*arguments)

    monkeypatch.setattr(rows, "forget_requests", insert_and_forget)
    result = erase(platform)
    assert not result.ok
    assert result.remains[0].startswith("PostgreSQL holds 1 rows, which were inserted again")


@pytest.mark.parametrize(("table", "key"), [(USERS, "x"), (ORDERS, "7"), (ORDERS, '["a"]')])
def test_what_is_no_key_is_refused(platform: Platform, table: Table, key: str) -> None:
    with pytest.raises(InvalidInputError, match="no row of"):
        erase(platform, key, table)


def test_a_restored_postgresql_brings_nobody_back(platform: Platform) -> None:
    before = dict(platform.database.rows["users"]), list(platform.database.rejects)
    erase(platform)
    assert counts(again(platform)) == (0, 0, 0, 0)
    platform.database.rows["users"], platform.database.rejects = before
    platform.database.erasures = {}
    platform.store.rows["users"][ADA[0]] = (ADA, (900, 1, 0, 0))
    assert platform.stores_with_it() == {"postgres", "rejects", "cassandra"}
    result = again(platform)
    assert (result.ok, result.erasures, counts(result)) == (True, 1, (1, 1, 0, 1))
    assert platform.stores_with_it() == set()
    assert set(platform.database.rows["users"]) == {BOB[0]}
    assert again(platform).erasures == 0


def test_a_person_who_comes_again_stays(platform: Platform) -> None:
    erase(platform)
    platform.database.rows["users"][ADA[0]] = ADA
    result = again(platform)
    assert (result.ok, result.erasures, counts(result)) == (True, 0, (0, 0, 0, 0))
    assert ADA[0] in platform.database.rows["users"]


def test_an_interrupted_erasure_is_finished(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    platform.stopped = True
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(run, "await_deletes", interrupt)
        erase(platform)
    assert platform.stores_with_it() == {"cassandra", "dead letters"}
    clock = SteppingClock(*[platform.batch] * 40)
    result = erase_with(platform, USERS, EraseRequest("users", again=True), clock)
    assert (result.ok, result.erasures, counts(result)) == (True, 1, (0, 0, 1, 1))
    assert platform.stores_with_it() == set()
    assert again(platform).erasures == 0


def test_a_person_who_came_again_meanwhile_stays(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The erasure has not ended, but PostgreSQL has its record: the row is a new one."""
    with monkeypatch.context() as patched, pytest.raises(ZeroDivisionError):
        patched.setattr(run, "await_deletes", lambda *_: 1 / 0)
        erase(platform)
    platform.plant(ADA)
    result = again(platform)
    assert (result.ok, result.erasures, result.postgres) == (True, 1, 0)
    assert platform.stores_with_it() >= {"postgres", "cassandra"}


def test_an_erasure_that_deleted_nothing_yet_is_known(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its command may be interrupted before the DELETE."""
    with monkeypatch.context() as patched, pytest.raises(ZeroDivisionError):
        patched.setattr(rows, "delete", lambda *_: 1 / 0)
        erase(platform)
    assert platform.stores_with_it() == {"postgres", "rejects", "dead letters", "cassandra"}
    assert counts(again(platform)) == (1, 1, 1, 1)
    assert platform.stores_with_it() == set()


def test_the_keys_in_requests_to_capture_are_deleted(platform: Platform) -> None:
    platform.database.signals = [("riada-1", "execute-snapshot", ADA[0])]
    erase(platform)
    assert platform.database.signals == []


def test_no_replay_sends_a_dead_letter_of_an_erased_row(platform: Platform) -> None:
    erase(platform)
    platform.database.rows["users"][ADA[0]] = ADA  # as a restore brings it back
    stamp = (NOW - timedelta(hours=1)).isoformat().encode()
    headers = [(ORIGIN_PARTITION, b"0"), (ORIGIN_OFFSET, b"9"), (TIMESTAMP, stamp)]
    at_ms = int((NOW - timedelta(hours=1)).timestamp() * 1000)
    dead_letter = InMemoryMessage(message_key(ADA), event(ADA, 5), headers, at_ms)
    platform.broker.add(DEAD_LETTERS, 0, dead_letter)
    outcome = DeadLetterReplay(platform.replay_log).send(platform, USERS, None)
    assert (outcome.sent, outcome.erased) == (1, 1)
    sent = [message for message in platform.broker.produced if message["topic"] == TOPIC]
    assert [message["key"] for message in sent] == [message_key(BOB)]
