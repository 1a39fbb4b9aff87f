"""Only a rebuild that begins after the question answers it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from riada_stream.driver.rebuild import RebuildSince
from riada_stream.driver.supervise import Ending
from riada_stream.runtime.halt import HaltError
from riada_stream.sink import cassandra_table
from riada_stream.sink.cassandra_table import TableMismatchError
from riada_stream.source.position import CapturePosition

from contract.kafka.capture import REBUILD, Capture, State
from tests.spark.driver.in_memory_driver import Driver, InMemoryQuery

BEFORE = Capture(4, State.CAPTURING, "7001", "00000001", 100, 1, "", "", REBUILD)


def test_only_a_later_rebuild_counts() -> None:
    rebuild_since = RebuildSince()
    assert not rebuild_since(None)
    assert not rebuild_since(BEFORE), "that one ran before the table was found not to fit"
    assert not rebuild_since(replace(BEFORE, epoch=5, reason="PostgreSQL is another cluster"))
    assert rebuild_since(replace(BEFORE, epoch=6))


def test_a_table_that_cannot_fit_is_dropped_by_the_next_rebuild(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    fits, newest = [False], [replace(BEFORE, epoch=4)]

    def ensure(*_: object) -> str:
        if not fits[0]:
            raise TableMismatchError("cassandra: its key is (name)")
        return "id-2"

    def drop(*_: object) -> None:
        fits[0] = True

    monkeypatch.setattr(cassandra_table, "ensure", ensure)
    monkeypatch.setattr(cassandra_table, "drop", drop)
    monkeypatch.setattr(CapturePosition, "capture", property(lambda _: newest[0]))
    process = driver.start(InMemoryQuery(lambda *_: driver.control.stop()))
    for _ in range(2):
        with pytest.raises(HaltError, match="its key is"):
            process.run(driver.on_running)
    newest[0] = replace(BEFORE, epoch=5)
    assert process.run(driver.on_running) is Ending.STOPPED
    assert fits == [True]
