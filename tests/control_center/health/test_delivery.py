"""Each table's delivery, from the results of the probes."""

from __future__ import annotations

from contract.health.details.base import ProbeDetails
from contract.health.details.capture import CaptureDetails, TableCapture
from contract.health.details.cassandra import CassandraDetails
from contract.health.details.databases import DatabasesDetails, DatabaseStatus
from contract.health.details.driver import DriverDetails, TableQuery
from contract.health.details.lag import LagDetails, TableLag
from contract.health.details.postgres import PostgresDetails, PostgresTable
from contract.health.details.slot import SlotDetails
from contract.health.details.topic import TableTopic, TopicDetails
from contract.health.details.verification import (
    DifferenceKind,
    RowDifference,
    TableVerification,
    VerificationDetails,
)
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from control_center.health.delivery import TableDelivery, by_table

AT = 1_000_000.0


def results(*details: ProbeDetails) -> list[ProbeResult]:
    return [ProbeResult("x", ProbeState.OK, "", "x", item) for item in details]


CAUSE = "differs in Cassandra: row 7: field city; 1 more differ: make repair TABLE=users"


def platform(orders: TableQuery, *verified: VerificationDetails) -> list[ProbeResult]:
    queries = {"orders": orders, "users": TableQuery("running")}
    lags = {"orders": TableLag({"0": 4}, 9.0, 20.0), "users": TableLag({"0": 0, "1": 0}, None, 3.0)}
    return results(
        PostgresDetails("0/1", "", 9, 100, "logical", dict.fromkeys(lags, PostgresTable(True))),
        SlotDetails(True, True, changes={"orders": 12, "users": 95}),
        TopicDetails({"orders": TableTopic({"0": 10}), "users": TableTopic({"0": 90}, (), (), 2)}),
        CassandraDetails((), "5.0", 1, {"orders": "", "users": ""}),
        DriverDetails("abc", "j0b", (), (), {}, {}, queries),
        LagDetails(lags),
        *verified,
    )


def test_how_far_the_rows_have_come() -> None:
    first = (RowDifference("7", DifferenceKind.FIELD, ("city",), AT),)
    verified = {
        "orders": TableVerification(AT, AT - 900, AT - 60),
        "users": TableVerification(AT, AT - 900, differences=2, first=first),
    }
    known = platform(TableQuery("running"), VerificationDetails(0.1, verified))
    assert by_table(known, AT) == [
        TableDelivery("orders", ProbeState.OK, 12, 10, 6, 4, AT - 20, AT - 60, 0, ""),
        TableDelivery("users", ProbeState.FAIL, 95, 90, 88, 0, AT - 3, None, 2, CAUSE),
    ]


def test_one_faulty_table_of_two() -> None:
    orders, users = by_table(platform(TableQuery("halted", "", "a poisoned row")), AT)
    assert (orders.state, orders.cause) == (ProbeState.FAIL, "halted: a poisoned row")
    assert (users.state, users.cause) == (ProbeState.OK, "")


def test_a_table_that_the_driver_does_not_read_yet() -> None:
    orders, _ = by_table(platform(TableQuery("")), AT)
    assert (orders.state, orders.cause) == (ProbeState.WARN, "is not read by the driver yet")


def test_an_unknown_number_is_none() -> None:
    """Kafka and the stream do not answer."""
    [users] = by_table(
        results(PostgresDetails("0/1", "", 9, 100, "logical", {"users": PostgresTable(True)})), AT
    )
    assert users == TableDelivery(
        "users", ProbeState.OK, None, None, None, None, None, None, None, ""
    )


def test_without_an_answer_no_table_is_known() -> None:
    assert by_table([ProbeResult("postgres", ProbeState.FAIL, "is down", "postgres")], AT) == []


def test_a_table_whose_existing_rows_are_being_read() -> None:
    tables = {
        "orders": TableCapture(1, 1, True, 7.0, False),
        "users": TableCapture(1, 1, True, 9.0, True),
    }
    capture = ProbeResult("x", ProbeState.OK, "", "x", CaptureDetails(1, "first", "", tables))
    orders, users = by_table([*platform(TableQuery("running")), capture], AT)
    assert (orders.state, orders.cause) == (
        ProbeState.WARN,
        "has existing rows that are being read",
    )
    assert users.state is ProbeState.OK


def test_a_table_of_another_database() -> None:
    lag = LagDetails({"lines": TableLag({"0": 0}), "users": TableLag({"0": 0})})
    away = DatabaseStatus(cause="refuses connections", tables={"lines": PostgresTable(False)})
    lines, users = by_table(
        results(
            SlotDetails(True, True, changes={"users": 5}),
            DatabasesDetails({"shop": away}),
            TopicDetails({"lines": TableTopic({"0": 1}), "users": TableTopic({"0": 1})}),
            lag,
        ),
        AT,
    )
    assert (lines.state, lines.committed) == (ProbeState.FAIL, None)
    assert lines.cause == "is not captured, its database refuses connections"
    assert (users.state, users.committed) == (ProbeState.OK, 5)
