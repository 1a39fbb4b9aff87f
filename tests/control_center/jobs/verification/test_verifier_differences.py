"""Which differences the verification of a table reports."""

from __future__ import annotations

import pytest

from contract.health.details.verification import DifferenceKind
from contract.jobs.compare import OffsetGap
from contract.kafka.offsets import TopicOffset
from control_center.jobs.verification import passes
from control_center.jobs.verification.stores import CassandraRow
from control_center.jobs.verification.verifier import CONFIRM_AFTER_S, TableVerifier
from tests.control_center.jobs.verification.in_memory_stores import (
    OUTSIDE,
    Clock,
    InMemoryStores,
    row,
)
from tests.control_center.jobs.verification.running import (
    kinds,
    reported,
    reported_passed,
    restarted,
    run,
)


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


def test_offsets_that_no_batch_covers_are_reported_until_all_rows_were_read(
    stores: InMemoryStores, clock: Clock
) -> None:
    verifier = TableVerifier(stores, clock)
    run(verifier, clock)
    clock.sleep(1)
    stores.batch_gaps = [OffsetGap(0, 5, 7)]
    seen = []
    for _ in range(100):
        verifier.step()
        clock.sleep(1)
        seen.append(kinds(reported(verifier)))
    assert {"offsets 5 to 6 of partition 0": (DifferenceKind.SKIPPED, ())} in seen
    assert run(verifier, clock).differences == 0


def test_a_comparison_accounts_for_skipped_offsets(stores: InMemoryStores, clock: Clock) -> None:
    verifier = TableVerifier(stores, clock)
    stores.batch_gaps = [OffsetGap(0, 5, 6)]
    assert run(verifier, clock, 1).differences == 1
    stores.compared = clock.now + 1
    assert run(verifier, clock, 21).differences == 0
    assert run(restarted(verifier, stores, clock), clock, 1).differences == 0


def test_complete_passes_without_a_difference_count_as_a_comparison(
    stores: InMemoryStores, clock: Clock
) -> None:
    verifier, began = TableVerifier(stores, clock), clock.now
    run(verifier, clock)
    assert len(stores.confirmed) > 1
    assert stores.confirmed == sorted(stores.confirmed)
    assert began + CONFIRM_AFTER_S < stores.confirmed[0] <= clock.now
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
