"""Errors that name the component, the cause and the remedy, with codes that stay the same."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from contract.json_record import JsonRecord


class ErrorCode(str, Enum):
    """What an HTTP answer and JSON=1 call an error; scripts may rely on these names."""

    UNREACHABLE = "unreachable"
    """A component does not answer, or answers with an error."""
    INVALID = "invalid"
    """An argument or a setting is not acceptable."""
    NOT_FOUND = "not-found"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    BUSY = "busy"
    """A job of this kind runs already."""
    UNDECODABLE = "undecodable"
    """A message cannot be decoded."""
    FAILED = "failed"
    """A check, a job or a command did not succeed."""


class ComponentError(Exception):
    """`component` is a service's name, such as kafka-1; `cause` says what is wrong with it, without
    naming it again; `remedy` is what to do, or empty where nothing can be done from outside."""

    code = ErrorCode.FAILED

    def __init__(self, component: str, cause: str, remedy: str = "") -> None:
        super().__init__(component, cause, remedy)
        self.component, self.cause, self.remedy = component, cause, remedy

    def __str__(self) -> str:
        """`kafka-1: does not answer within 4 s`."""
        return f"{self.component}: {self.cause}"


class UnreachableError(ComponentError):
    """The component does not answer, or answers with an error."""

    code = ErrorCode.UNREACHABLE


class InvalidInputError(ComponentError, ValueError):
    """An argument is not acceptable. The cause says what is expected and does not repeat the
    argument, which may hold a person's data."""

    code = ErrorCode.INVALID


class NotFoundError(ComponentError, LookupError):
    """There is no such thing; the remedy says where to find those that exist, if anywhere."""

    code = ErrorCode.NOT_FOUND


@dataclass(frozen=True)
class ErrorAnswer(JsonRecord):
    """The body of each of the Control Center's answers with a status of 400 or above. `detail` is
    everything in one sentence, for people."""

    code: ErrorCode
    component: str
    cause: str
    remedy: str
    detail: str

    @classmethod
    def of(cls, error: ComponentError) -> ErrorAnswer:
        detail = f"{error}. {error.remedy}" if error.remedy else str(error)
        return cls(error.code, error.component, error.cause, error.remedy, detail)
