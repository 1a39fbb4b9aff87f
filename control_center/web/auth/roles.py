"""Two roles: a reader looks, an operator acts and may see people's data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Role(str, Enum):
    READER = "reader"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Principal:
    """A caller. `session` is empty for the holder of the bearer token."""

    name: str
    role: Role
    session: str = ""

    @property
    def operates(self) -> bool:
        return self.role is Role.OPERATOR


class RefusedError(Exception):
    """The caller's role does not allow this; the message says what it takes."""
