"""Options of commands, defined once for the command line, make and the environment.

A command's options are the fields of a frozen dataclass:

    @dataclass(frozen=True)
    class Options:
        rows: int = integer(5000, "how many rows")

`--rows 5000`, `make smoke-test ROWS=5000` and the variable ROWS are then the same option. The
command line wins over the variable, and an empty variable counts as unset.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Protocol, TypeVar

from cli.host.errors import SettingError

T = TypeVar("T")


class Kind(Protocol):
    """The values that an option accepts."""

    def parse(self, name: str, text: str) -> object:
        """The value of the text; raises SettingError with `name` as the option's name."""


@dataclass(frozen=True)
class Integer:
    """A number from `minimum` to `maximum`, or without an upper limit."""

    minimum: int = 1
    maximum: int | None = None
    example: int = 1

    def parse(self, name: str, text: str) -> int:
        if re.fullmatch("-?[0-9]{1,18}", text):
            value = int(text)
            if value >= self.minimum and (self.maximum is None or value <= self.maximum):
                return value
        raise SettingError(
            f"{name} must be {self._range()}, got {text}", f"for example {name}={self.example}"
        )

    def _range(self) -> str:
        if self.maximum is not None:
            return f"an integer from {self.minimum} to {self.maximum}"
        return {0: "zero or a positive integer", 1: "a positive integer"}.get(
            self.minimum, f"an integer of at least {self.minimum}"
        )


@dataclass(frozen=True)
class OneOf:
    """One of a few numbers."""

    values: tuple[int, ...]

    def parse(self, name: str, text: str) -> int:
        return int(Choice(tuple(map(str, self.values))).parse(name, text))


@dataclass(frozen=True)
class Text:
    """Any text."""

    def parse(self, name: str, text: str) -> str:
        return text


@dataclass(frozen=True)
class Choice:
    """An option with one of a few values."""

    values: tuple[str, ...]

    def parse(self, name: str, text: str) -> str:
        if text in self.values:
            return text
        *first, last = self.values
        raise SettingError(
            f"{name} must be {', '.join(first)} or {last}, got {text}",
            f"for example {name}={self.values[0]}",
        )


@dataclass(frozen=True)
class Flag:
    """An option that is on or off; a variable is off when it is empty or 0."""

    def parse(self, name: str, text: str) -> bool:
        return text not in ("", "0")


@dataclass(frozen=True)
class Option:
    """`variable` is the option's name for make; `positional` needs no `--name` before its value."""

    kind: Kind
    help: str
    variable: str
    positional: bool = False


def integer(
    default: int, description: str, minimum: int = 1, maximum: int | None = None, variable: str = ""
) -> Any:
    """A field whose value is an integer."""
    return _field(default, Option(Integer(minimum, maximum, default), description, variable))


def text(default: str, description: str, variable: str = "", positional: bool = False) -> Any:
    """A field whose value is a string; "" for none."""
    return _field(default, Option(Text(), description, variable, positional))


def choice(values: Sequence[str], description: str, variable: str = "") -> Any:
    """A field whose value is one of these strings; the first is the default."""
    return _field(values[0], Option(Choice(tuple(values)), description, variable))


def flag(description: str, variable: str = "") -> Any:
    """A field that is false unless it is given."""
    return _field(False, Option(Flag(), description, variable))


def _field(default: object, option: Option) -> Any:
    return field(default=default, metadata={"option": option})


@dataclass(frozen=True)
class NoOptions:
    """The options of a command that has none."""


def declared(options: type[Any]) -> dict[str, tuple[Option, object]]:
    """Name of the field → its option and its default."""
    result = {}
    for item in fields(options):
        option: Option = item.metadata["option"]
        variable = option.variable or item.name.upper()
        named = Option(option.kind, option.help, variable, option.positional)
        result[item.name] = (named, item.default)
    return result


def add_to(parser: argparse.ArgumentParser, options: type[Any]) -> None:
    """Declare the options to argparse; their values stay text until `read`."""
    for name, (option, default) in declared(options).items():
        shown = "" if default in ("", False) else f", default {default}"
        description = f"{option.help} ({option.variable}=…{shown})".replace("%", "%%")
        if option.positional:
            parser.add_argument(name, nargs="?", metavar=name.upper(), help=description)
            continue
        flag = "--" + name.replace("_", "-")
        if isinstance(option.kind, Flag):
            parser.add_argument(flag, action="store_const", const="1", help=description)
        else:
            parser.add_argument(flag, metavar=_metavar(option.kind), help=description)


def read(options: type[T], parsed: argparse.Namespace, environment: Mapping[str, str]) -> T:
    """The options' values; raises SettingError with the name that the user wrote."""
    values: dict[str, object] = {}
    for name, (option, _) in declared(options).items():
        given = getattr(parsed, name)
        if given is not None:
            shown = name.upper() if option.positional else "--" + name.replace("_", "-")
            values[name] = option.kind.parse(shown, given)
        elif variable := environment.get(option.variable):
            values[name] = option.kind.parse(option.variable, variable)
    return options(**values)


def _metavar(kind: Kind) -> str:
    if isinstance(kind, Choice):
        return "|".join(kind.values)
    return "N" if isinstance(kind, Integer) else "TEXT"
