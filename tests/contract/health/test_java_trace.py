"""The cause that a Java stack trace names."""

from __future__ import annotations

import pytest

from contract.errors import first_line
from contract.health.java_trace import root_cause, summary

TRACE = """
org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded
\tat org.apache.kafka.connect.runtime.X.run(X.java:1)
\tSuppressed: java.io.IOException: while closing
\t\tCaused by: java.lang.Error: of the suppressed exception
Caused by: java.io.IOException: wrapped
Caused by: java.net.UnknownHostException: schema-registry
\t... 3 more
"""


def test_the_innermost_cause() -> None:
    assert root_cause(TRACE) == "java.net.UnknownHostException: schema-registry"


def test_a_suppressed_exception_is_not_the_cause() -> None:
    assert root_cause(TRACE.split("Caused by: java.io")[0]) == (
        "org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded"
    )


@pytest.mark.parametrize(
    ("trace", "line"), [("A: b\n\tat c", "A: b"), ("\n A: b ", "A: b"), ("", "")]
)
def test_a_trace_without_a_cause(trace: str, line: str) -> None:
    assert first_line(trace) == line
    assert root_cause(trace) == line
    assert summary(trace) == line


def test_the_summary_has_the_first_line_and_the_innermost_cause() -> None:
    assert summary(TRACE) == (
        "org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded "
        "Caused by: java.net.UnknownHostException: schema-registry"
    )
