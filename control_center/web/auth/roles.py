"""Two roles: a reader sees everything except personal data, and an operator may also act."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Role(str, Enum):
    READER = "reader"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Principal:
    """An authenticated caller. `session` is empty for the holder of the bearer token."""

    name: str
    role: Role
    session: str = ""

    @property
    def operates(self) -> bool:
        return self.role is Role.OPERATOR


TOKEN_HOLDER = Principal("token", Role.OPERATOR)
