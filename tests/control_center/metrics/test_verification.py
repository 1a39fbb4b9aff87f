"""Metrics of the verification."""

from __future__ import annotations

from contract.health.details.verification import TableVerification, VerificationDetails
from control_center.metrics import verification
from tests.control_center.metrics.samples import values

NOW = 10_000.0
BEGUN = TableVerification(at=NOW, began_at=1.0)


def metrics(**tables: TableVerification) -> dict[str, float]:
    return values(verification.families(VerificationDetails(0.1, tables), lambda: NOW))


def test_of_a_table() -> None:
    table = TableVerification(
        at=NOW,
        began_at=1.0,
        through=9000.5,
        oldest_check=8000.0,
        in_flight=4,
        rows_checked=70,
        differences=2,
        by_kind={"missing": 2},
        resent=1,
        busy_s=2.5,
    )
    known = metrics(orders=table)
    assert known["riada_verified_through_seconds{table=orders}"] == 9000.5
    assert known["riada_verification_oldest_check_seconds{table=orders}"] == 8000
    assert known["riada_verification_behind{table=orders}"] == 1
    assert known["riada_rows_in_flight{table=orders}"] == 4
    assert known["riada_rows_differ{table=orders}{kind=missing}"] == 2
    assert known["riada_rows_differ{table=orders}{kind=field}"] == 0
    assert known["riada_rows_verified_total{table=orders}"] == 70
    assert known["riada_verification_busy_seconds_total{table=orders}"] == 2.5
    assert known["riada_rows_resent_total{table=orders}"] == 1


def test_an_unknown_time_has_no_sample() -> None:
    known = metrics(orders=BEGUN)
    assert not any("through" in name or "oldest" in name for name in known)
    assert known["riada_verification_behind{table=orders}"] == 0


def test_without_details() -> None:
    assert values(verification.families(None)) == {}
