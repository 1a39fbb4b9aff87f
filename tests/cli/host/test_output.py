"""What a command prints, and its exit code when it ends early."""

from __future__ import annotations

import pytest

from cli.host.output import Fault, run, table


def test_table_aligns_columns() -> None:
    assert table([("a", 1), ("long", 22)], ("name", "n")).splitlines() == [
        "name  n",
        "----  --",
        "a     1",
        "long  22",
    ]


def test_an_empty_table_is_its_header() -> None:
    assert table([], ("name", "n")).splitlines() == ["name  n", "----  -"]


def test_a_fault_tells_cause_and_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    def command() -> None:
        raise Fault("no engine", "start it")

    with pytest.raises(SystemExit) as ended:
        run(command)
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert "error: no engine" in said
    assert "remedy: start it" in said


def test_ctrl_c_ends_with_130(capsys: pytest.CaptureFixture[str]) -> None:
    def command() -> None:
        raise KeyboardInterrupt

    with pytest.raises(SystemExit) as ended:
        run(command)
    assert ended.value.code == 130
    assert "again continues" in capsys.readouterr().err
