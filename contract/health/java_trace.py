"""The cause that a Java stack trace names."""

from __future__ import annotations

from contract.errors import first_line

_CAUSE = "Caused by: "


def root_cause(trace: str) -> str:
    """The innermost "Caused by:", without these words; else the first line; "" for an empty trace.

    Indented causes do not count: they belong to suppressed exceptions.
    """
    causes = [line for line in trace.strip().splitlines() if line.startswith(_CAUSE)]
    return causes[-1].removeprefix(_CAUSE) if causes else first_line(trace)


def summary(trace: str) -> str:
    """The first line and the innermost cause, in one line."""
    first, cause = first_line(trace), root_cause(trace)
    return first if cause == first else f"{first} {_CAUSE}{cause}"
