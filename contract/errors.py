"""Errors that name the component, the cause and the remedy, with codes that stay the same."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from contract.json_record import JsonRecord


class ErrorCode(str, Enum):
    """The name of an error in HTTP answers and with JSON=1; scripts may rely on these names."""

    # A component does not answer, or answers with an error.
    UNREACHABLE = "unreachable"
    # An argument or a setting is not acceptable.
    INVALID = "invalid"
    NOT_FOUND = "not-found"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    # A job of this kind runs already.
    BUSY = "busy"
    # A message cannot be decoded.
    UNDECODABLE = "undecodable"
    # A check, a job or a command did not succeed.
    FAILED = "failed"


class ComponentError(Exception):
    """`component` is a service's name, such as kafka-1. `cause` describes its fault without its
    name. `remedy` is the action for the operator, or empty if there is none."""

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
    argument, which may hold personal data."""

    code = ErrorCode.INVALID


class NotFoundError(ComponentError, LookupError):
    """The requested item does not exist; the remedy shows how to list the existing ones, if
    possible."""

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


def first_line(text: object) -> str:
    """The first line of a text, or of an error's text, that is not empty; "" without one."""
    return (str(text).strip().splitlines() or [""])[0]
