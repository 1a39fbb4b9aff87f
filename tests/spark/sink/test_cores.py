"""A table that catches up leaves a core to the small batches of other tables."""

from __future__ import annotations

import threading

import pytest
from riada_stream.sink import cores as module
from riada_stream.sink.cores import ACTIVE_S, Cores

from tests.spark.in_memory import Clock


def never() -> None:
    raise AssertionError("it waits")


def tasks(cores: Cores, table: str, is_small: bool) -> int | None:
    with cores.used_by(table, is_small, never) as count:
        return count


def test_a_table_alone_has_every_core() -> None:
    cores = Cores(4, Clock())
    assert [tasks(cores, "a", is_small=False) for _ in range(2)] == [None, None]
    assert tasks(cores, "a", is_small=True) == 1


@pytest.mark.parametrize(("count", "expected"), [(4, 3), (2, 1), (1, 1)])
def test_a_large_batch_leaves_a_core_while_another_table_has_messages(
    count: int, expected: int
) -> None:
    clock = Clock()
    cores = Cores(count, clock)
    tasks(cores, "b", is_small=True)
    assert tasks(cores, "a", is_small=False) == expected
    clock.now += ACTIVE_S + 1
    assert tasks(cores, "a", is_small=False) is None


def test_large_batches_take_turns_and_small_ones_do_not_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "WAIT_S", 0.01)
    cores, waited, order = Cores(2, Clock()), threading.Event(), []
    tasks(cores, "b", is_small=True)

    def second() -> None:
        with cores.used_by("b", False, waited.set):
            order.append("b")

    with cores.used_by("a", False, never):
        thread = threading.Thread(target=second)
        thread.start()
        assert waited.wait(5)
        assert tasks(cores, "c", is_small=True) == 1
        order.append("a")
    thread.join(5)
    assert order == ["a", "b"]
