"""make rebuild: a database at fault stops neither the repair nor goes unnoticed."""

from __future__ import annotations

import pytest

from cli.clients import jobs
from cli.commands import rebuild, repair
from cli.installations import target
from contract.jobs.rebuild import RebuildResult


@pytest.mark.parametrize(
    ("waiting", "repaired", "code"),
    [({}, 0, 0), ({}, 1, 1), ({"shop": "epoch 3: rows of lines are being read"}, 0, 1)],
)
def test_the_exit_code_and_the_database_at_fault(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    waiting: dict[str, str],
    repaired: int,
    code: int,
) -> None:
    result = RebuildResult(not waiting, {"": 5}, waiting, 20.0)
    monkeypatch.setattr(target, "current", lambda: None)
    monkeypatch.setattr(rebuild, "_is_deployed", lambda _: True)
    monkeypatch.setattr(jobs, "run", lambda *_: result)
    monkeypatch.setattr(repair, "run", lambda _: repaired)
    assert rebuild.run(rebuild.Options()) == code
    printed = capsys.readouterr().out
    assert ("shop: not every row was captured" in printed) == bool(waiting)
