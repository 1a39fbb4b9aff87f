"""The driver's log: the cause in one line, and the stacks of all threads before a forced exit."""

from __future__ import annotations

import logging
import re
import threading

import pytest
from riada_stream.runtime import log
from riada_stream.runtime.log import root_cause
from riada_stream.runtime.stacks import thread_stacks

JAVA = """\
An error occurred while calling o42.save.
: org.apache.spark.SparkException: Job aborted.
\tat org.apache.spark.Some.method(Some.scala:1)
Caused by: java.io.IOException: first
Caused by: com.datastax.AllNodesFailedException: no node is available
\tat com.datastax.Some.method(Some.java:1)
"""


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (ValueError("a\n b"), "ValueError: a"),
        (ValueError(""), "ValueError: ValueError"),
        (RuntimeError(JAVA), "RuntimeError: com.datastax.AllNodesFailedException: no node is "
         "available"),
        (ValueError("x" * 1_000), f"ValueError: {'x' * 488}"),
        (RuntimeError("Failed to write to people.orders. The\nlatest exception was\n  Cassandra "
         "timeout\n\nPlease check the executor logs"),
         "RuntimeError: Failed to write to people.orders. The latest exception was: Cassandra "
         "timeout"),
    ],
)  # fmt: skip
def test_root_cause_is_one_line(error: Exception, cause: str) -> None:
    assert root_cause(error) == cause


def test_a_line_has_time_level_and_component(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    log.configure()
    logging.getLogger("riada_stream.driver.job").info("halted: %s", "a column is unknown")
    logging.getLogger("py4j").info("not shown")
    (line,) = capsys.readouterr().err.splitlines()
    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ INFO riada_stream.driver.job: halted: a column .*"
    assert re.fullmatch(pattern, line)


def test_stacks_show_where_each_thread_hangs() -> None:
    release = threading.Event()

    def hanging_step() -> None:
        release.wait()

    thread = threading.Thread(target=hanging_step, name="query")
    thread.start()
    try:
        stacks = thread_stacks()
    finally:
        release.set()
        thread.join()
    assert "Thread query:" in stacks
    assert "in hanging_step" in stacks
    assert "Thread MainThread:" in stacks
