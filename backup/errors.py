"""The error that ends a command."""

from __future__ import annotations

from contract.errors import ComponentError


class BackupError(ComponentError):
    """The cause begins without the component, which is always postgres."""

    def __init__(self, cause: str, remedy: str = "") -> None:
        super().__init__("postgres", cause, remedy)
