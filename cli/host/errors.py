"""The error that ends a command with exit code 1."""

from __future__ import annotations

from collections.abc import Mapping

from contract.errors import ComponentError, ErrorCode


class CliError(ComponentError):
    """A command cannot continue. `component` is empty if the cause itself names the faulty thing,
    such as a file or a program of this machine. `remedy` is the action for the user. `details` are
    more fields for JSON=1."""

    details: Mapping[str, object] = {}

    def __init__(self, cause: str, remedy: str = "", component: str = "") -> None:
        super().__init__(component, cause, remedy)

    def __str__(self) -> str:
        return super().__str__() if self.component else self.cause


class SettingError(CliError):
    """An option or a setting has a value that is not acceptable."""

    code = ErrorCode.INVALID
