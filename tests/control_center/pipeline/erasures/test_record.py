"""A record names a row by a mark, and concerns what came before the erasure ended."""

from __future__ import annotations

from contract.table.table import Table
from control_center.pipeline.erasures.record import Erasure, mark, newer, newest
from tests.control_center.sample_tables import ORDERS, USERS

KEY = "0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5e"


def test_a_mark_depends_on_secret_table_and_key() -> None:
    def marks(secret: str, table: Table, key: str) -> str:
        return mark(secret, table, key)

    same = {marks("s", USERS, KEY), marks("s", USERS, KEY)}
    assert len(same) == 1
    others = {marks("t", USERS, KEY), marks("s", ORDERS, KEY), marks("s", USERS, KEY + "0")}
    assert len(others | same) == 4
    assert KEY not in same.pop()


def test_what_came_after_the_end_is_of_another_row() -> None:
    ended = Erasure("m", "users", 10, 20)
    assert [ended.covers(at) for at in (None, 5, 20, 21)] == [True, True, True, False]
    assert Erasure("m", "users", 10).covers(21)


def test_the_newer_record_counts_and_the_end_of_the_same_one() -> None:
    begun, ended = Erasure("m", "users", 10), Erasure("m", "users", 10, 20)
    repeated = Erasure("m", "users", 30)
    assert newer(None, begun) == begun
    assert newer(begun, ended) == newer(ended, begun) == ended
    assert newer(ended, repeated) == newer(repeated, ended) == repeated


def test_a_withdrawn_record_does_not_count_and_others_of_the_row_do() -> None:
    ended, begun = Erasure("m", "users", 10, 20), Erasure("m", "users", 30)
    withdrawal = Erasure("m", "users", 30, withdrawn=True)
    assert newest([withdrawal, begun]) == {}
    assert newest([begun, withdrawal, ended]) == {"m": ended}
    later = Erasure("m", "users", 40)
    assert newest([begun, withdrawal, later]) == {"m": later}
