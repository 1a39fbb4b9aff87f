"""The audit log outlives the process, and a cut-off line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from control_center.web.auth.audit import Audit
from control_center.web.auth.audit_line import Outcome
from control_center.web.auth.roles import Principal, Role

OPERATOR = Principal("operator", Role.OPERATOR, "s")


def test_lines_are_on_stdout_and_in_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "state" / "audit.jsonl"
    Audit(file).write(OPERATOR, "send again", "0:12", sent=1)
    line = json.loads(capsys.readouterr().out)["audit"]
    assert line == json.loads(file.read_text())
    assert (line["who"], line["action"], line["target"]) == ("operator", "send again", "0:12")
    assert (line["outcome"], line["details"]) == ("done", {"sent": 1})


def test_a_new_process_knows_the_old_lines(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    Audit(file).write(None, "login", outcome=Outcome.REFUSED)
    with file.open("a") as kept:
        kept.write('{"at": "20')
    audit = Audit(file)
    audit.write(OPERATOR, "login")
    assert [line.who for line in audit.newest()] == ["operator", "anonymous"]


def test_lines_of_older_and_newer_releases(tmp_path: Path) -> None:
    """Releases before the outcome `invalid` wrote `refused`; an unknown outcome is left out."""
    file = tmp_path / "audit.jsonl"
    line = {"at": "2026-11-20T01:00:00.000+00:00", "who": "reader", "action": "find row"}
    outcomes = ("refused", "unknown to this release", "invalid")
    lines = [line | {"target": "users", "outcome": outcome} for outcome in outcomes]
    file.write_text("".join(f"{json.dumps(item)}\n" for item in lines))
    assert [item.outcome for item in Audit(file).newest()] == [Outcome.INVALID, Outcome.REFUSED]


def test_a_file_that_cannot_be_written_does_not_stop_an_action(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    audit = Audit(tmp_path / "file" / "audit.jsonl")
    audit.write(OPERATOR, "login")
    assert "not_kept" in json.loads(capsys.readouterr().out)["audit"]
    assert len(audit.newest()) == 1


def test_a_full_file_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("control_center.web.auth.audit.KEPT_BYTES", 100)
    file = tmp_path / "audit.jsonl"
    audit = Audit(file)
    for _ in range(3):
        audit.write(OPERATOR, "login")
    assert file.with_name("audit.jsonl.1").exists()
    assert file.stat().st_size < 400
