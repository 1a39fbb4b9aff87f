"""Checks the variables after `make COMMAND`. A variable that the command does not have is refused,
because a misspelt variable would otherwise have no effect."""

from __future__ import annotations

import re
from collections.abc import Collection, MutableMapping
from difflib import get_close_matches

from cli.host.errors import SettingError

# Variables of programs that commands run, and of the tests (tests/harness/settings.py).
_OF_PROGRAMS = re.compile(
    r"(?i:https?_proxy|no_proxy)|SSL_CERT_FILE|PATH|HOME|TMPDIR|(AWS|TF|DOCKER|COMPOSE|PYTHON)_?\w+"
    r"|REACH|LONG|KEEP|NODES|TEST_PROJECT|TEST_PORT_SHIFT|RESTART_ROWS"
)


def taken_from_make(environment: MutableMapping[str, str]) -> list[str]:
    """The names of the variables of make's command line. Removes them from the variable with which
    make passes them on, since the programs that a command runs have other variables."""
    flags = environment.pop("MAKEFLAGS", "")
    environment.pop("MFLAGS", None)
    _, _, variables = f" {flags}".partition(" -- ")
    # a value's spaces are escaped: https://www.gnu.org/software/make/manual/make.html#Options_002fRecursion
    words = re.findall(r"(?:\\.|[^\s\\])+", variables)
    return [re.split("[:+?!]*=", word)[0] for word in words if "=" in word]


def check(
    command: str, names: Collection[str], own: Collection[str], settings: Collection[str]
) -> None:
    """Raises SettingError for the first name that is neither one of the command's `own` variables
    nor a setting, with the nearest known one."""
    known = [*own, *settings]
    for name in names:
        if name in known or _OF_PROGRAMS.fullmatch(name):
            continue
        nearest = get_close_matches(name.upper(), known, n=1)
        raise SettingError(
            f"{command} has no variable {name}",
            f"did you mean {nearest[0]}?"
            if nearest
            else f"its variables are {', '.join(own)} and the settings of docs/operations.md",
        )
