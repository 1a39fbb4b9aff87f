"""A rebuild waits until every row of every database has been read in a new epoch."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from contract.errors import UnreachableError
from contract.kafka.capture import REBUILD
from control_center.jobs.rebuild.capture import ScanState
from control_center.jobs.rebuild.run import STUCK_S, rebuild_databases
from tests.control_center.jobs.compare.in_memory import SteppingClock


@dataclass
class InMemoryCapture:
    """`states`: name of a database → what each call of state() returns, then the last for ever."""

    states: dict[str, list[ScanState | str]]
    requests: list[tuple[str, int, str]] = field(default_factory=list)

    def epoch(self, database: str) -> int:
        if database == "away":
            raise UnreachableError("away", "connection refused")
        return 4

    def request(self, database: str, after: int, reason: str) -> None:
        self.requests.append((database, after, reason))

    def state(self, database: str) -> ScanState:
        states = self.states[database]
        state = states.pop(0) if len(states) > 1 else states[0]
        if isinstance(state, str):
            raise UnreachableError("postgres", state)
        return state


OLD, READING, READ = ScanState(4), ScanState(5, ("users",), messages=10), ScanState(5, messages=99)


def test_it_ends_when_every_row_of_the_new_epoch_is_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    capture = InMemoryCapture({"": [OLD, READING, "does not answer", READING, READ]})
    result = rebuild_databases(capture, [""], SteppingClock())
    assert (result.ok, result.epochs, result.waiting) == (True, {"": 5}, {})
    assert capture.requests == [("", 4, REBUILD)]
    assert "Riada's PostgreSQL: epoch 5 has read every row; 99 messages" in capsys.readouterr().out


def test_an_epoch_from_before_the_request_does_not_count() -> None:
    result = rebuild_databases(
        InMemoryCapture({"": [ScanState(4, messages=7)]}), [""], SteppingClock()
    )
    assert (result.ok, result.epochs) == (False, {})
    assert "has not begun the new epoch" in result.waiting[""]


@pytest.mark.parametrize(
    ("state", "cause"),
    [
        (
            ScanState(5, ("lines",), ("lines: SKIPPED",)),
            "Debezium cannot read rows of lines: SKIPPED",
        ),
        ("connection refused", "connection refused"),
    ],
)
def test_a_database_that_is_stuck_delays_no_other(state: ScanState | str, cause: str) -> None:
    clock = SteppingClock()
    began = clock.now
    result = rebuild_databases(InMemoryCapture({"": [READ], "shop": [state]}), ["", "shop"], clock)
    assert (result.ok, result.epochs) == (False, {"": 5})
    assert cause in result.waiting["shop"]
    assert STUCK_S < clock.now - began < 2 * STUCK_S


def test_rows_that_come_slowly_are_waited_for() -> None:
    """Ten times as long as a stuck database is waited for."""
    slow: list[ScanState | str] = [
        ScanState(5, ("users",), messages=number) for number in range(int(5 * STUCK_S))
    ]
    assert rebuild_databases(InMemoryCapture({"": [*slow, READ]}), [""], SteppingClock()).ok


def test_messages_of_others_do_not_hide_a_table_that_cannot_be_read() -> None:
    failing: list[ScanState | str] = [
        ScanState(5, ("lines",), ("lines: SKIPPED",), number) for number in range(int(5 * STUCK_S))
    ]
    count = len(failing)
    assert not rebuild_databases(InMemoryCapture({"": failing}), [""], SteppingClock()).ok
    assert len(failing) > count / 2


def test_a_database_that_does_not_answer_is_named_and_stops_no_other() -> None:
    result = rebuild_databases(InMemoryCapture({"": [READ]}), ["", "away"], SteppingClock())
    assert (result.ok, result.epochs) == (False, {"": 5})
    assert result.waiting == {"away": "away: connection refused"}
