"""The number of rows that wait in the slot, and the detection of a stuck capture that seems to
run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.health.details.connect import ConnectDetails
from contract.health.details.slot import SlotDetails
from contract.health.details.topic import TableTopic, TopicDetails
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from control_center.health.capture_backlog import CAUGHT_UP_BYTES, CaptureBacklog

CAUGHT_UP = CAUGHT_UP_BYTES - 1


def topics(**messages: int) -> TopicDetails:
    """Table → the number of messages on its topic."""
    return TopicDetails({name: TableTopic({"0": count}) for name, count in messages.items()})


def results(
    changes: int | None = 0,
    on_topic: int | None = 0,
    *,
    active: bool = True,
    behind: int | None = 0,
    published: bool = True,
    lsn: str | None = "0/1",
    failed: str = "",
) -> list[ProbeResult]:
    """`on_topic`: None while Kafka does not answer."""
    details = {
        "slot": SlotDetails(
            True,
            active,
            unconfirmed_bytes=behind,
            changes={} if changes is None else {"users": changes},
            unpublished=() if published else ("users",),
            confirmed_flush_lsn=lsn,
        ),
        "topic": None if on_topic is None else topics(users=on_topic),
    }
    return [
        ProbeResult(
            name,
            ProbeState.FAIL if name == failed else ProbeState.OK,
            "fine",
            name,
            details.get(name),
        )
        for name in ("postgres", "connect", "slot", "topic", "spark", "cassandra", "driver", "lag")
    ]


# --- rows that wait ------------------------------------------------------------------------------


def test_rows_are_counted_from_the_last_moment_when_none_waited() -> None:
    backlog = CaptureBacklog()
    assert backlog.waiting(results(5000, 4000, active=False)) is None, "no such moment yet"
    assert backlog.waiting(results(5000, 4000, behind=CAUGHT_UP)) == 0
    assert backlog.waiting(results(6204, 4000, active=False)) == 1204
    assert backlog.waiting(results(6204, 5000, behind=CAUGHT_UP_BYTES)) == 204


def test_a_reader_that_never_confirmed_has_not_fallen_behind() -> None:
    assert CaptureBacklog().waiting(results(5000, 4000, behind=None)) == 0


def test_a_redelivery_does_not_make_the_number_negative() -> None:
    backlog = CaptureBacklog()
    assert backlog.waiting(results(5000, 5000)) == 0
    assert backlog.waiting(results(5000, 5020, active=False)) == 0


@pytest.mark.parametrize(
    "unknown",
    [
        results(None, 10),
        results(20, None),
        results(20, 10, published=False),
        [ProbeResult("slot", ProbeState.FAIL, "postgres: refuses connections", "postgres")],
    ],
    ids=["PostgreSQL counts nothing", "Kafka is away", "not published", "PostgreSQL is away"],
)
def test_the_number_is_unknown_while_postgresql_or_kafka_is(unknown: list[ProbeResult]) -> None:
    backlog = CaptureBacklog()
    assert backlog.waiting(results(10, 10)) == 0
    assert backlog.waiting(unknown) is None


def test_waiting_rows_of_several_tables_are_added() -> None:
    """A snapshot sends rows of orders that PostgreSQL counted long ago: they hide no rows of
    users."""

    def step(users: int, orders: int, on_topic: TopicDetails, active: bool) -> list[ProbeResult]:
        changes = {"users": users, "orders": orders}
        slot = SlotDetails(True, active, unconfirmed_bytes=0, changes=changes)
        return [
            ProbeResult(name, ProbeState.OK, "", name, details)
            for name, details in (("slot", slot), ("topic", on_topic))
        ]

    backlog = CaptureBacklog()
    assert backlog.waiting(step(100, 500, topics(users=100, orders=0), active=True)) == 0
    assert backlog.waiting(step(107, 503, topics(users=100, orders=0), active=False)) == 10
    assert backlog.waiting(step(107, 503, topics(users=100, orders=300), active=False)) == 7
    assert backlog.waiting(step(107, 503, topics(users=107), active=False)) == 0


# --- stuck capture -------------------------------------------------------------------------------


def state_after(seconds: float, before: list[ProbeResult], after: list[ProbeResult]) -> ProbeState:
    """The slot's state when `after` follows `before`."""
    backlog = CaptureBacklog()
    backlog.fail_if_stuck(before, 1000.0)
    checked = backlog.fail_if_stuck(after, 1000.0 + seconds)
    return next(result.state for result in checked if result.name == "slot")


def test_a_capture_that_does_not_move_is_stuck_after_20_s() -> None:
    assert state_after(19, results(9, 5), results(9, 5)) is ProbeState.OK
    assert state_after(20, results(9, 5), results(9, 5)) is ProbeState.FAIL


@pytest.mark.parametrize(
    "after",
    [
        results(9, 6),
        results(9, 5, lsn="0/2"),
        results(9, 5, active=False),
        results(9, 5, lsn=None),
        results(9, None),
        results(9, 5, failed="connect"),
        results(9, 5, failed="postgres"),
    ],
    ids=[
        "the topic grows",
        "the LSN advances",
        "no reader",
        "no LSN",
        "Kafka is away",
        "Connect fails",
        "PostgreSQL fails",
    ],
)
def test_a_capture_that_moves_or_cannot_move_is_not_stuck(after: list[ProbeResult]) -> None:
    assert state_after(25, results(9, 5), after) is ProbeState.OK


@pytest.mark.parametrize("downstream", ["topic", "spark", "cassandra", "driver", "lag"])
def test_a_failure_downstream_does_not_excuse_it(downstream: str) -> None:
    after = results(9, 5, failed=downstream)
    assert state_after(25, results(9, 5), after) is ProbeState.FAIL


def test_a_slot_that_fails_already_keeps_its_cause() -> None:
    backlog = CaptureBacklog()
    backlog.fail_if_stuck(results(9, 5), 1000.0)
    failed = results(9, 5, failed="slot")
    assert backlog.fail_if_stuck(failed, 1025.0) == failed


def test_the_time_begins_again_after_connect_was_away() -> None:
    backlog = CaptureBacklog()
    backlog.fail_if_stuck(results(9, 5), 1000.0)
    backlog.fail_if_stuck(results(9, 5, failed="connect"), 1015.0)
    checked = backlog.fail_if_stuck(results(9, 5), 1025.0)
    assert all(result.state is ProbeState.OK for result in checked)


def test_the_failure_names_connect_and_its_log() -> None:
    backlog = CaptureBacklog()
    backlog.fail_if_stuck(results(9, 5), 1000.0)
    checked = backlog.fail_if_stuck(results(9, 5), 1025.0)
    [slot] = [result for result in checked if result.state is ProbeState.FAIL]
    assert (slot.name, slot.component) == ("slot", "connect")
    assert slot.summary == (
        "Connect has sent nothing to Kafka for 25 s although its task is RUNNING: "
        "make logs S=connect shows the cause; the task is restarted within 2 minutes"
    )


# --- other databases -----------------------------------------------------------------------------

RUNS = ConnectDetails("RUNNING", {"0": "RUNNING"}, "connect:8083")
FAILED = ConnectDetails("RUNNING", {"0": "FAILED"}, "connect:8083")


def of_two(
    own: SlotDetails,
    shop: SlotDetails,
    messages: TopicDetails,
    connect: ConnectDetails = RUNS,
    *failed: str,
) -> list[ProbeResult]:
    details = {
        "connect": connect,
        "slot": replace(own, databases={"shop": shop}),
        "topic": messages,
    }
    return [
        ProbeResult(
            name,
            ProbeState.FAIL if name in failed else ProbeState.OK,
            "known",
            name,
            details.get(name),
        )
        for name in ("postgres", "databases", "kafka", "connect", "slot", "topic")
    ]


def slot(lsn: str, active: bool = True, **changes: int) -> SlotDetails:
    return SlotDetails(
        True,
        active,
        "reserved",
        confirmed_flush_lsn=lsn,
        unconfirmed_bytes=0,
        changes=changes,
    )


def test_rows_of_another_database_wait_too() -> None:
    backlog = CaptureBacklog()
    topic = topics(users=5, lines=7)
    assert backlog.waiting(of_two(slot("0/1", users=5), slot("0/1", lines=7), topic)) == 0
    away = slot("0/1", active=False, lines=9)
    assert backlog.waiting(of_two(slot("0/2", users=6), away, topics(users=6, lines=7))) == 2


def stuck(before: list[ProbeResult], after: list[ProbeResult]) -> str:
    """The summary of the slots."""
    backlog = CaptureBacklog()
    backlog.fail_if_stuck(before, 1000.0)
    checked = backlog.fail_if_stuck(after, 1025.0)
    return next(result.summary for result in checked if result.name == "slot")


def test_the_capture_of_another_database_is_stuck_while_the_own_one_moves() -> None:
    before = of_two(slot("0/1", users=5), slot("0/7", lines=1), topics(users=5, lines=1))
    after = of_two(slot("0/2", users=9), slot("0/7", lines=3), topics(users=9, lines=1))
    assert stuck(before, after).startswith("shop: Connect has sent nothing to Kafka for 25 s")


def test_the_own_capture_is_stuck_although_another_database_fails() -> None:
    """A server that is away must not hide it."""
    shop = slot("0/7", active=False, lines=1)
    connect = replace(RUNS, databases={"shop": FAILED})
    failed = ("databases", "connect", "slot")
    before = of_two(slot("0/1", users=5), shop, topics(users=5, lines=1), connect, *failed)
    after = of_two(slot("0/1", users=9), shop, topics(users=5, lines=8), connect, *failed)
    assert stuck(before, after).startswith("Connect has sent nothing to Kafka for 25 s")


def test_a_connector_that_fails_is_not_stuck_too() -> None:
    connect = replace(RUNS, databases={"shop": FAILED})
    states = of_two(
        slot("0/1", users=5), slot("0/7", lines=1), topics(users=5, lines=1), connect, "connect"
    )
    moves = of_two(
        slot("0/2", users=6), slot("0/7", lines=1), topics(users=6, lines=1), connect, "connect"
    )
    assert stuck(states, moves) == "known"
