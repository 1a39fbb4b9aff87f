"""What pages and API share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contract.jobs.erase import EraseRequest
from contract.jobs.job import JobKind
from control_center.jobs.runner import BusyError
from control_center.pipeline.dead_letter_replay import DeadLetterReplay
from control_center.pipeline.replay_outcome import ReplayOutcome
from control_center.web.auth.roles import Principal, Role
from control_center.web.context import AppContext
from tests.control_center.in_memory_clients import InMemoryClients
from tests.control_center.sample_tables import USERS


def test_nothing_is_erased_during_a_replay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = AppContext.of(InMemoryClients(tmp_path), ["x"])

    def send(*_: Any) -> ReplayOutcome:
        with pytest.raises(BusyError, match="a replay of dead letters of users is running"):
            context.jobs.start(JobKind.ERASE, EraseRequest("users", "7"))
        return ReplayOutcome(sent=1)

    monkeypatch.setattr(DeadLetterReplay, "send", send)
    outcome = context.send_again(Principal("an operator", Role.OPERATOR), USERS, None, "all")
    assert outcome.sent == 1
