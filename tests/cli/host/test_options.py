"""An option is the same on the command line and in the environment."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from cli.host.errors import SettingError
from cli.host.options import add_to, choice, flag, integer, read, text


@dataclass(frozen=True)
class Options:
    service: str = text("", "which service", "S", positional=True)
    people: int = integer(5000, "how many people")
    warm_up: int = integer(3, "how many before", minimum=0)
    patience: int = integer(1, "multiplier", maximum=20)
    kind: str = choice(("machine", "uml"), "which kind")
    keep: bool = flag("leave it running")


def parsed(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Options:
    parser = argparse.ArgumentParser()
    add_to(parser, Options)
    return read(Options, parser.parse_args(arguments), environment or {})


def test_defaults() -> None:
    assert parsed([]) == Options("", 5000, 3, 1, "machine", False)


def test_an_empty_variable_counts_as_unset() -> None:
    environment = dict.fromkeys(("S", "PEOPLE", "WARM_UP", "PATIENCE", "KIND", "KEEP"), "")
    assert parsed([], environment) == Options()


def test_line_and_environment_are_the_same_option() -> None:
    line = ["connect", "--people", "7", "--warm-up", "0", "--kind", "uml", "--keep"]
    environment = {"S": "connect", "PEOPLE": "7", "WARM_UP": "0", "KIND": "uml", "KEEP": "1"}
    assert parsed(line) == parsed([], environment) == Options("connect", 7, 0, 1, "uml", True)


def test_the_command_line_overrides_the_environment() -> None:
    assert parsed(["--people", "7"], {"PEOPLE": "8"}).people == 7


@pytest.mark.parametrize(("value", "on"), [("1", True), ("yes", True), ("0", False)])
def test_a_flag_is_off_with_0(value: str, on: bool) -> None:
    assert parsed([], {"KEEP": value}).keep is on


@pytest.mark.parametrize("value", ["1", "20"])
def test_the_ends_of_a_range_are_in_it(value: str) -> None:
    assert parsed(["--patience", value]).patience == int(value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["--people", "0"], "--people must be a positive integer, got 0"),
        (["--people", "-1"], "--people must be a positive integer, got -1"),
        (["--people", "1.5"], "--people must be a positive integer, got 1.5"),
        (["--people", "²"], "--people must be a positive integer, got ²"),
        (["--warm-up=-1"], "--warm-up must be zero or a positive integer, got -1"),
        (["--patience", "21"], "--patience must be an integer from 1 to 20, got 21"),
        (["--kind", "real"], "--kind must be machine or uml, got real"),
    ],
)
def test_a_bad_value_is_refused(line: list[str], message: str) -> None:
    with pytest.raises(SettingError) as raised:
        parsed(line)
    assert str(raised.value) == message
    assert raised.value.remedy.startswith(f"for example {message.split()[0]}=")


def test_a_bad_variable_is_refused_by_its_name() -> None:
    with pytest.raises(SettingError, match=r"^WARM_UP must be"):
        parsed([], {"WARM_UP": "many"})
