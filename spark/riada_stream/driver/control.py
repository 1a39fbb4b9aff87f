"""What the driver tells the stream of a table, and what it learns from it."""

from __future__ import annotations

from threading import Event

from riada_stream.runtime.checkpoint_dir import CheckpointDir


class Control:
    """`generation` is the stream's own; None before it has begun one. `stored_table`: the id of
    Cassandra's table, by which the stream writes; None before it is known."""

    def __init__(self) -> None:
        self._stop, self._restart = Event(), Event()
        self.generation: CheckpointDir | None = None
        self.stored_table: str | None = None

    def stop(self) -> None:
        """The stream ends after the running batch."""
        self._stop.set()

    def restart(self) -> None:
        """The stream begins another attempt after the running batch."""
        self._restart.set()

    @property
    def is_stopping(self) -> bool:
        return self._stop.is_set()

    def attempt_ends(self) -> bool:
        return self._stop.is_set() or self._restart.is_set()

    def attempt_begins(self) -> None:
        self._restart.clear()

    def wait(self, seconds: float) -> bool:
        """Waits; returns True at once when the stream is to stop."""
        return self._stop.wait(seconds)
