"""PostgreSQL keeps a row: no store loses anything, and no other row is held up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from psycopg2 import OperationalError
from psycopg2.errors import ForeignKeyViolation

from contract.errors import ComponentError, UnreachableError
from control_center.pipeline.erasures.erasures import Erasures
from tests.control_center.jobs.erase.platform import ADA, BOB, Platform, again, erase
from tests.control_center.sample_tables import USERS


def insert_again(platform: Platform) -> None:
    platform.database.deleted = lambda table, key: platform.database.rows[table].update({key: ADA})


def keep(platform: Platform) -> None:
    platform.database.kept = {ADA[0]}


@pytest.mark.parametrize("trigger", [insert_again, keep])
def test_a_row_that_a_trigger_keeps_is_no_erasure(
    platform: Platform, trigger: Callable[[Platform], None]
) -> None:
    trigger(platform)
    with pytest.raises(ComponentError, match=r"keeps 1 rows of users: a trigger or row-level"):
        erase(platform)
    assert platform.stores_with_it() == {"postgres", "rejects", "dead letters", "cassandra"}
    assert platform.database.erasures == {}


def test_a_refused_erasure_is_withdrawn(platform: Platform) -> None:
    """Nothing asks to do it again, and the row's dead letters can be replayed."""
    platform.database.refusal = ForeignKeyViolation()
    with pytest.raises(ComponentError, match="refers to the row"):
        erase(platform)
    assert Erasures.of(platform).known(USERS) == {}
    assert again(platform).erasures == 0
    platform.database.refusal = None
    assert erase(platform).ok
    [record] = Erasures.of(platform).known(USERS).values()
    assert record.ended_ms


def test_an_earlier_erasure_stays_when_a_later_one_is_refused(platform: Platform) -> None:
    erase(platform)
    before = Erasures.of(platform).known(USERS)
    platform.plant(ADA)
    platform.database.refusal = ForeignKeyViolation()
    with pytest.raises(ComponentError, match="refers to the row"):
        erase(platform)
    assert Erasures.of(platform).known(USERS) == before


def test_an_erasure_without_an_answer_is_not_withdrawn(platform: Platform) -> None:
    platform.database.refusal = OperationalError("server closed the connection unexpectedly")
    with pytest.raises(UnreachableError):
        erase(platform)
    assert Erasures.of(platform).unfinished(USERS)


@pytest.mark.parametrize("reason", ["a reference", "a trigger"])
def test_a_row_that_is_refused_again_does_not_keep_the_others(
    platform: Platform, reason: str
) -> None:
    before = dict(platform.database.rows["users"])
    erase(platform, ADA[0])
    erase(platform, BOB[0])
    platform.database.rows["users"], platform.database.erasures = before, {}
    if reason == "a trigger":
        platform.database.kept = {ADA[0]}
    else:
        platform.database.refusal = ForeignKeyViolation()
        platform.database.referenced = {ADA[0]}
    for erased in (1, 0):  # also when it is run again
        result = again(platform)
        assert (result.ok, result.erasures, result.postgres) == (False, erased, erased)
        [sentence] = result.remains
        assert sentence.startswith("PostgreSQL keeps 1 rows that were erased before: ")
        assert sentence.endswith("then run make erase again")
        assert set(platform.database.rows["users"]) == {ADA[0]}
    assert list(Erasures.of(platform).unfinished(USERS)) == [
        Erasures.of(platform).mark(USERS, ADA[0])
    ]
    platform.database.refusal, platform.database.kept = None, set()
    result = again(platform)
    assert (result.ok, result.erasures, result.postgres) == (True, 1, 1)
    assert again(platform).erasures == 0


def test_a_row_that_another_refers_to_is_refused_without_its_values(platform: Platform) -> None:
    error = ForeignKeyViolation(f"Key (id)=({ADA[0]}) is still referenced")
    platform.database.refusal = error
    with pytest.raises(ComponentError, match=r"postgres: table .* refers to the row") as raised:
        erase(platform)
    assert raised.value.__suppress_context__
    assert ADA[0] not in str(raised.value)
    assert platform.stores_with_it() == {"postgres", "rejects", "dead letters", "cassandra"}


def test_an_error_without_a_code_is_one_of_the_connection(platform: Platform) -> None:
    platform.database.refusal = OperationalError("server closed the connection\nunexpectedly")
    with pytest.raises(UnreachableError, match="postgres: answers no query"):
        erase(platform)
