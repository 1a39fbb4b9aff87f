"""What the verification of a table claims, and which differences it reports."""

from __future__ import annotations

import json

import pytest

from contract.errors import UnreachableError
from contract.health.details.verification import DifferenceKind, TableVerification
from contract.kafka.offsets import TopicOffset
from control_center.verification import passes
from control_center.verification.position import Position
from control_center.verification.stores import CassandraRow, Gap
from control_center.verification.verifier import TableVerifier
from tests.control_center.verification.in_memory_stores import (
    OUTSIDE,
    Clock,
    InMemoryStores,
    row,
)

OLD = "old"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stores(clock: Clock) -> InMemoryStores:
    """Twelve rows that have arrived."""
    stores = InMemoryStores(clock)
    for number in range(12):
        stores.change(f"k{number}", "Oslo")
    stores.deliver()
    return stores


def run(verifier: TableVerifier, clock: Clock, seconds: float = 120.0) -> TableVerification:
    until = clock.now + seconds
    while clock.now < until:
        clock.sleep(0.1 if verifier.step() else 1.0)
    return reported(verifier)


def reported(verifier: TableVerifier) -> TableVerification:
    report = verifier.report()
    assert report is not None
    return report


def kinds(report: TableVerification) -> dict[str, tuple[DifferenceKind, tuple[str, ...]]]:
    return {known.key: (known.kind, known.fields) for known in report.first}


def test_equal_stores_are_verified_through_the_present(
    stores: InMemoryStores, clock: Clock
) -> None:
    verifier = TableVerifier(stores, clock)
    began = clock.now
    report = run(verifier, clock)
    assert report.differences == report.in_flight == 0
    assert report.through is not None and report.through > clock.now - 60
    assert report.oldest_check is not None and report.oldest_check >= began
    assert report.rows_checked >= 24
    later = run(verifier, clock).through
    assert later is not None and later > report.through + 60


def test_an_empty_table_is_verified(clock: Clock) -> None:
    report = run(TableVerifier(InMemoryStores(clock), clock), clock)
    assert report.through is not None and report.passed == 1.0


def test_nothing_is_claimed_before_all_rows_were_read(stores: InMemoryStores, clock: Clock) -> None:
    verifier = TableVerifier(stores, clock)
    verifier.step()
    verifier.step()
    report = reported(verifier)
    assert (report.through, report.oldest_check) == (None, None)
    assert report.passed < 1


def test_each_difference_is_reported_by_key_and_kind(stores: InMemoryStores, clock: Clock) -> None:
    stores.change("k3", "Rome")
    stores.change("k4", None)
    stores.deliver()
    held = stores.cassandra
    del held["k0"]
    held["k1"] = held["k1"]._replace(row=row("k1", "x"))
    held["k2"] = held["k2"]._replace(row=row("k2", None))
    held["k3"] = CassandraRow(row("k3", "Oslo"), 140, TopicOffset(0, 3))
    held["k4"] = CassandraRow(row("k4", "Oslo"), 150, TopicOffset(0, 4))
    held["k99"] = CassandraRow(row("k99", "x"), None, None)
    stores.change("k77", "Bern", lost=True)
    verifier = TableVerifier(stores, clock)
    report = run(verifier, clock)
    assert kinds(report) == {
        "k0": (DifferenceKind.MISSING, ()),
        "k1": (DifferenceKind.FIELD, ("city",)),
        "k2": (DifferenceKind.NULLED, ("city",)),
        "k3": (DifferenceKind.STALE, ("city",)),
        "k4": (DifferenceKind.UNDELETED, ()),
        "k99": (DifferenceKind.EXTRA, ()),
        "k77": (DifferenceKind.MISSING, ()),
    }
    assert report.differences == 7
    assert report.through is None
    for known in report.first:
        stores.resend(known.key)
    stores.deliver()
    report = run(verifier, clock)
    assert (report.differences, report.first) == (0, ())
    assert report.through is not None and report.through > clock.now - 60


def test_a_verified_time_stays_while_rows_differ(stores: InMemoryStores, clock: Clock) -> None:
    verifier = TableVerifier(stores, clock)
    through = run(verifier, clock).through
    planted = clock.now
    del stores.cassandra["k0"]
    report = run(verifier, clock)
    assert report.first[0].since >= planted
    later = run(verifier, clock).through
    assert through is not None and later is not None
    assert through <= later < report.first[0].since


def test_rows_on_their_way_are_no_differences(stores: InMemoryStores, clock: Clock) -> None:
    verifier = TableVerifier(stores, clock)
    before = run(verifier, clock).through
    stores.change("k1", "Rome")
    stores.change("k2", None)
    stores.change("k50", "Bern")
    changed = clock.now
    report = run(verifier, clock)
    assert report.differences == 0
    assert report.in_flight == 3
    assert report.through is not None and before is not None
    assert before <= report.through < changed
    stores.deliver()
    report = run(verifier, clock)
    assert (report.differences, report.in_flight) == (0, 0)
    assert report.through is not None and report.through > changed


def test_a_row_that_changes_all_the_time_holds_nothing_up(
    stores: InMemoryStores, clock: Clock
) -> None:
    """Cassandra is always one change behind."""
    verifier = TableVerifier(stores, clock)
    until = clock.now + 300
    number = 0
    while clock.now < until:
        number += 1
        stores.change("k1", f"city {number}")
        stores.deliver(len(stores.undelivered) - 1)
        clock.sleep(0.5)
        verifier.step()
    report = reported(verifier)
    assert report.differences == 0
    assert report.through is not None and report.through > clock.now - 100


def test_a_change_that_was_lost_is_found_although_the_row_was_equal(
    stores: InMemoryStores, clock: Clock
) -> None:
    verifier = TableVerifier(stores, clock)
    run(verifier, clock)
    stores.change("k5", "Rome", lost=True)
    lost = clock.now
    report = run(verifier, clock)
    assert kinds(report) == {"k5": (DifferenceKind.STALE, ("city",))}
    assert report.through is not None and report.through < lost


def test_rows_of_a_long_transaction_are_read_after_its_commit(
    stores: InMemoryStores, clock: Clock
) -> None:
    verifier = TableVerifier(stores, clock)
    open_one = stores.begin("k6", "Rome")
    for number in range(5):
        stores.change(f"k{number}", "Bern")
    stores.deliver()
    run(verifier, clock)
    stores.commit(open_one, lost=True)
    assert kinds(run(verifier, clock)) == {"k6": (DifferenceKind.STALE, ("city",))}


def test_rows_that_no_other_store_can_hold_are_no_differences(
    stores: InMemoryStores, clock: Clock
) -> None:
    stores.change("k8", OUTSIDE, lost=True)
    report = run(TableVerifier(stores, clock), clock)
    assert report.differences == 0
    assert report.through is not None


def test_a_restart_goes_on_and_claims_nothing_unseen(stores: InMemoryStores, clock: Clock) -> None:
    verifier = TableVerifier(stores, clock)
    while reported_passed(verifier) < 0.4:
        verifier.step()
        clock.sleep(0.1)
    stores.change("k11", "Rome", lost=True)
    verifier = restarted(verifier, stores, clock)
    assert reported_passed(verifier) >= 0.4
    assert kinds(run(verifier, clock)) == {"k11": (DifferenceKind.STALE, ("city",))}
    verifier = restarted(verifier, stores, clock)
    assert reported(verifier).differences == 1


def test_a_suspect_survives_a_restart(stores: InMemoryStores, clock: Clock) -> None:
    del stores.cassandra["k0"]
    stores.change("k1", "on its way")
    verifier = TableVerifier(stores, clock)
    run(verifier, clock)
    assert reported(verifier).in_flight == 2
    verifier = restarted(verifier, stores, clock)
    assert reported(verifier).in_flight == 2
    stores.deliver()
    assert kinds(run(verifier, clock)) == {"k0": (DifferenceKind.MISSING, ())}


@pytest.mark.parametrize("at_once", [True, False])
def test_another_history_begins_again(stores: InMemoryStores, clock: Clock, at_once: bool) -> None:
    verifier = TableVerifier(stores, clock)
    assert run(verifier, clock).through is not None
    stores.epoch = "epoch 2"
    if at_once:
        verifier = restarted(verifier, stores, clock)
    else:
        clock.sleep(60)
        verifier.step()
    report = reported(verifier)
    assert (report.through, report.oldest_check, report.rows_checked) == (None, None, 0)


def test_a_server_that_went_back_in_time_begins_again(stores: InMemoryStores, clock: Clock) -> None:
    verifier = TableVerifier(stores, clock)
    run(verifier, clock)
    stores.xid -= 5
    assert reported(restarted(verifier, stores, clock)).through is None


def test_rows_that_a_rewrite_moves_are_read(
    stores: InMemoryStores, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """VACUUM FULL keeps the numbers of transactions, so that its rows are not recent changes."""
    monkeypatch.setattr(passes, "PAGE", 2)
    del stores.cassandra["k11"]
    verifier = TableVerifier(stores, clock)
    while reported_passed(verifier) < 0.5:
        verifier.step()
    stores.rewrite()  # k11 is now in the first block, which has been read
    report = run(verifier, clock, 15)
    assert report.through is None
    assert kinds(report) == {"k11": (DifferenceKind.MISSING, ())}


def test_more_changes_than_one_pass_takes_are_left_to_a_pass_over_all_rows(
    stores: InMemoryStores, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier = TableVerifier(stores, clock)
    before = run(verifier, clock).through
    monkeypatch.setattr(passes, "MOST_CHANGED", 4)
    for number in range(8):
        stores.change(f"k{number}", "Rome")
    stores.deliver()
    stores.change("k9", "Bern", lost=True)
    assert kinds(run(verifier, clock)) == {"k9": (DifferenceKind.STALE, ("city",))}
    stores.resend("k9")
    stores.deliver()
    after = run(verifier, clock).through
    assert before is not None and after is not None and after > clock.now - 60


def test_an_error_loses_nothing(stores: InMemoryStores, clock: Clock) -> None:
    verifier = TableVerifier(stores, clock)
    run(verifier, clock)
    stores.change("k5", "Rome", lost=True)
    stores.change("k6", "Rome")
    stores.deliver()
    for _ in range(200):
        stores.cause = "no answer" if stores.cause == "" else ""
        try:
            verifier.step()
        except UnreachableError:
            verifier.close()
        clock.sleep(1)
    stores.cause = ""
    assert kinds(run(verifier, clock)) == {"k5": (DifferenceKind.STALE, ("city",))}


def test_offsets_that_no_batch_covers_are_reported_until_all_rows_were_read(
    stores: InMemoryStores, clock: Clock
) -> None:
    verifier = TableVerifier(stores, clock)
    run(verifier, clock)
    clock.sleep(1)
    stores.batch_gaps = [Gap(0, 5, 7)]
    found = []
    for _ in range(100):
        verifier.step()
        clock.sleep(1)
        found.append(kinds(reported(verifier)))
    assert {"offsets 5 to 6 of partition 0": (DifferenceKind.SKIPPED, ())} in found
    assert run(verifier, clock).differences == 0


def test_complete_passes_without_a_difference_count_as_a_comparison(
    stores: InMemoryStores, clock: Clock
) -> None:
    verifier, began = TableVerifier(stores, clock), clock.now
    run(verifier, clock)
    assert len(stores.confirmed) > 1
    assert stores.confirmed == sorted(stores.confirmed)
    assert began <= stores.confirmed[0] <= clock.now
    del stores.cassandra["k0"]
    planted = clock.now
    run(verifier, clock)
    before = len(stores.confirmed)
    run(verifier, clock)
    assert len(stores.confirmed) == before
    stores.resend("k0")
    stores.deliver()
    run(verifier, clock)
    assert stores.confirmed[-1] > planted + 200


def test_a_comparison_accounts_for_skipped_offsets(stores: InMemoryStores, clock: Clock) -> None:
    verifier = TableVerifier(stores, clock)
    stores.batch_gaps = [Gap(0, 5, 6)]
    assert run(verifier, clock, 1).differences == 1
    stores.compared = clock.now + 1
    assert run(verifier, clock, 21).differences == 0
    assert run(restarted(verifier, stores, clock), clock, 1).differences == 0


def reported_passed(verifier: TableVerifier) -> float:
    report = verifier.report()
    return report.passed if report else 0.0


def restarted(verifier: TableVerifier, stores: InMemoryStores, clock: Clock) -> TableVerifier:
    """With what a file holds."""
    assert verifier.claims is not None
    stored = json.loads(json.dumps(verifier.claims.position.to_json()))
    again = TableVerifier(stores, clock, Position.from_json(stored))
    again.step()
    return again
