"""The output of a command, and its exit code when it ends early."""

from __future__ import annotations

import json

import pytest

from cli.host.errors import CliError
from cli.host.output import run, table
from contract.errors import UnreachableError


def test_table_aligns_columns() -> None:
    assert table([("a", 1), ("long", 22)], ("name", "n")).splitlines() == [
        "name  n",
        "----  --",
        "a     1",
        "long  22",
    ]


def test_an_empty_table_is_its_header() -> None:
    assert table([], ("name", "n")).splitlines() == ["name  n", "----  -"]


@pytest.fixture(autouse=True)
def _text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JSON", raising=False)


def ended(error: BaseException) -> object:
    """The exit code of a command that raises the error."""

    def command() -> int:
        raise error

    with pytest.raises(SystemExit) as end:
        run(command)
    return end.value.code


def test_an_error_prints_cause_and_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(CliError("no engine", "start it")) == 1
    assert capsys.readouterr().err == "error: no engine\nremedy: start it\n"


def test_an_error_names_its_component(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(CliError("does not run", component="kafka-1")) == 1
    assert capsys.readouterr().err == "error: kafka-1: does not run\n"


def test_an_error_of_the_contract_ends_a_command_as_well(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ended(UnreachableError("kafka-1", "does not answer", "make status")) == 1
    assert capsys.readouterr().err == "error: kafka-1: does not answer\nremedy: make status\n"


def test_json_has_component_and_code(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JSON", "1")
    assert ended(UnreachableError("kafka-1", "does not answer", "make status")) == 1
    assert json.loads(capsys.readouterr().out) == {
        "ok": False,
        "code": "unreachable",
        "component": "kafka-1",
        "error": "kafka-1: does not answer",
        "remedy": "make status",
    }


def test_ctrl_c_ends_with_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(KeyboardInterrupt()) == 130
    assert "again continues" in capsys.readouterr().err
