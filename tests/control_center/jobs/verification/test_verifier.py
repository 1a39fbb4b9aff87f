"""What the verification of a table claims."""

from __future__ import annotations

import pytest

from contract.errors import UnreachableError
from contract.health.details.verification import DifferenceKind
from control_center.jobs.verification.verifier import TableVerifier
from tests.control_center.jobs.verification.in_memory_stores import (
    Clock,
    InMemoryStores,
)
from tests.control_center.jobs.verification.running import (
    kinds,
    reported,
    reported_passed,
    restarted,
    run,
)


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
