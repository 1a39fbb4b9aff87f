"""Only a rebuild that begins after the question answers it."""

from __future__ import annotations

from dataclasses import replace

from riada_stream.driver.rebuild import RebuildSince

from contract.kafka.capture import REBUILD, Capture, State

BEFORE = Capture(4, State.CAPTURING, "7001", "00000001", 100, 1, "", "", REBUILD)


def test_only_a_later_rebuild_counts() -> None:
    rebuild_since = RebuildSince()
    assert not rebuild_since(None)
    assert not rebuild_since(BEFORE), "that one ran before the table was found not to fit"
    assert not rebuild_since(replace(BEFORE, epoch=5, reason="PostgreSQL is another cluster"))
    assert rebuild_since(replace(BEFORE, epoch=6))
