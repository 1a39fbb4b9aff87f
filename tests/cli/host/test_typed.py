"""Commands in messages name the installation, unless it is the default one."""

from __future__ import annotations

import pytest

from cli.host.errors import CliError
from cli.host.output import emit, print_error, table
from cli.host.typed import as_typed

MINE = {"PROJECT": "mine"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("run make up there", "run PROJECT=mine make up there"),
        ("make restore-test", "PROJECT=mine make restore-test"),
        ("make erase AGAIN=1, then make repair", None),
        ("PROJECT=mine make destroy", "PROJECT=mine make destroy"),
        ("PROJECT=mine-2 make up", "PROJECT=mine-2 make up"),
        ("BROKERS=3 make up", "BROKERS=3 PROJECT=mine make up"),
        ("make another dead letter", "make another dead letter"),
        ("make clean-images removes them", "make clean-images removes them"),
        ("for example PROJECT=riada-2", "for example PROJECT=riada-2"),
    ],
)
def test_another_project(text: str, expected: str | None) -> None:
    expected = expected or "PROJECT=mine make erase AGAIN=1, then PROJECT=mine make repair"
    assert as_typed(text, MINE) == expected
    assert as_typed(expected, MINE) == expected, "twice changes nothing"


def test_the_default_project() -> None:
    for environment in ({}, {"PROJECT": ""}, {"PROJECT": "riada", "TARGET": "local"}):
        assert as_typed("make up", environment) == "make up"


def test_aws() -> None:
    """Its project's name is not that of this machine's installation."""
    aws = {"TARGET": "aws"}
    text = "docker exec riada-cassandra-2 x, then make repair"
    assert as_typed(text, aws) == "docker exec riada-cassandra-2 x, then TARGET=aws make repair"


def test_what_a_command_prints(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROJECT", "mine")
    monkeypatch.delenv("JSON", raising=False)
    emit({}, "differs: make repair")
    print_error(CliError("lost: make status names it", "make rebuild"))
    shown = capsys.readouterr()
    assert shown.out == "differs: PROJECT=mine make repair\n"
    assert shown.err == (
        "error: lost: PROJECT=mine make status names it\nremedy: PROJECT=mine make rebuild\n"
    )
    assert table([("make urls", "a")], ("x", "y")).splitlines() == [
        "x                       y",
        "----------------------  -",
        "PROJECT=mine make urls  a",
    ]


def test_json_has_the_command_as_typed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROJECT", "mine")
    monkeypatch.setenv("JSON", "1")
    print_error(CliError("lost", "make rebuild"))
    assert '"remedy": "PROJECT=mine make rebuild"' in capsys.readouterr().out
