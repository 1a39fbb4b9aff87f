"""Commands in messages, as they must be typed for the installation of this command.

Messages of this program, of the Control Center and of others name `make repair` alone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from cli.host.paths import ROOT

DEFAULT_PROJECT = "riada"
_COMMANDS = "|".join(
    sorted(file.stem.replace("_", "-") for file in (ROOT / "cli/commands").glob("[a-z]*.py"))
)
_MAKE = re.compile(rf"(?P<given>(?:\b[A-Z_]+=\S+ )*)\bmake (?={_COMMANDS}\b(?!-))")


def as_typed(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """The text with PROJECT and TARGET before each command of an installation, unless they are the
    defaults or there already."""
    project = environment.get("PROJECT") or DEFAULT_PROJECT
    target = environment.get("TARGET") or "local"
    wanted = {}
    if project != DEFAULT_PROJECT:
        wanted["PROJECT"] = project
    if target != "local":
        wanted["TARGET"] = target

    def command(match: re.Match[str]) -> str:
        given = match["given"]
        missing = [f"{name}={value} " for name, value in wanted.items() if f"{name}=" not in given]
        return f"{given}{''.join(missing)}make "

    return _MAKE.sub(command, text)
