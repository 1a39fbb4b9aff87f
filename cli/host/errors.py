"""The error that ends a command with exit code 1."""

from __future__ import annotations

from contract.errors import ComponentError, ErrorCode


class CliError(ComponentError):
    """A command cannot go on. `component` is empty where the cause names what is wrong by itself,
    such as a file or a program of this machine; `remedy` is what to do about it."""

    def __init__(self, cause: str, remedy: str = "", component: str = "") -> None:
        super().__init__(component, cause, remedy)

    def __str__(self) -> str:
        return super().__str__() if self.component else self.cause


class SettingError(CliError):
    """An option or a setting has a value that is not acceptable."""

    code = ErrorCode.INVALID
