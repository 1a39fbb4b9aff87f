"""The entry of every command: `python3 -m cli COMMAND`. Targets of the Makefile run the same.

A command is a module of cli/commands with a sentence (SUMMARY), a dataclass of options (Options)
and `run(options)`, which returns the exit code.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol, cast

from cli.host import options, output, variables
from cli.host.errors import SettingError
from cli.host.options import choice, flag, text
from cli.host.paths import ROOT
from cli.host.typed import DEFAULT_PROJECT
from cli.installations import settings


@dataclass(frozen=True)
class Common:
    """Options of every command. They are set as variables, for the programs that a command runs."""

    json: bool = flag("print one JSON object")
    project: str = text(DEFAULT_PROJECT, "which installation")
    target: str = choice(("local", "aws"), "this machine, or infra/aws")


class Command(Protocol):
    """A module of cli/commands."""

    SUMMARY: str
    Options: type[Any]
    # and PRINTS_JSON = False, if it passes on what another program prints

    def run(self, options: Any) -> int: ...


def names() -> list[str]:
    """Every command, as it is called: `smoke-test` is cli/commands/smoke_test.py."""
    files = sorted((ROOT / "cli/commands").glob("[a-z]*.py"))
    return [path.stem.replace("_", "-") for path in files]


def command(name: str) -> Command:
    module = importlib.import_module(f"cli.commands.{name.replace('-', '_')}")
    return cast(Command, module)


class Parser(argparse.ArgumentParser):
    """Reports a wrong command line as any other error: exit code 1, JSON when JSON=1."""

    def error(self, message: str) -> NoReturn:
        raise SettingError(message, f"see {self.prog} --help")


def parser(commands: Sequence[str]) -> Parser:
    """A parser of these commands; others need not be imported."""
    top = Parser(prog="python3 -m cli", description="The commands behind the targets of make.")
    subparsers = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in commands:
        module = command(name)
        subparser = subparsers.add_parser(
            name,
            help=module.SUMMARY.replace("%", "%%"),
            description=sys.modules[f"cli.commands.{name.replace('-', '_')}"].__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        options.add_to(subparser, module.Options)
        options.add_to(subparser, Common)
    return top


def run(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name; returns its exit code."""
    known = names()
    chosen = [arguments[0]] if arguments and arguments[0] in known else known
    parsed = parser(chosen).parse_args(arguments)
    for name, (option, _) in options.declared(Common).items():
        if (given := getattr(parsed, name)) is not None:
            os.environ[option.variable] = given
    module = command(parsed.command)
    _check(parsed.command, module, parsed.json is not None)
    return module.run(options.read(module.Options, parsed, os.environ))


def own_variables(module: Command) -> list[str]:
    """The variables of the command's options, and those of every command."""
    classes = (module.Options, Common)
    return [option.variable for cls in classes for option, _ in options.declared(cls).values()]


def _check(name: str, module: Command, json: bool) -> None:
    """Raises SettingError for a variable of make, or --json, that the command would ignore."""
    given = variables.taken_from_make(os.environ)
    variables.check(name, given, own_variables(module), settings.names())
    if (json or "JSON" in given) and not getattr(module, "PRINTS_JSON", True):
        raise SettingError(f"{name} has no output in JSON", "leave out JSON=1 or --json")


if __name__ == "__main__":
    output.run(lambda: run(sys.argv[1:]))
