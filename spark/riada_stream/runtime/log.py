"""The driver's log: lines on stderr, which docker/spark/follow-logs repeats in the worker's log."""

from __future__ import annotations

import logging
import sys
import time

from contract.health import java_trace

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
ROOT = "riada_stream"
MAX_CAUSE_LENGTH = 500
# The Cassandra connector breaks its error into lines, of which the last one has the cause.
_TWO_LINES, _ONE_LINE = "The\nlatest exception was\n", "The latest exception was: "


def configure() -> None:
    """Sends INFO of this package and WARNING of every library to stderr. Times are UTC."""
    formatter = logging.Formatter(FORMAT, "%Y-%m-%dT%H:%M:%SZ")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger(ROOT).setLevel(logging.INFO)


def root_cause(error: BaseException) -> str:
    """The innermost of the JVM's or Python's chain of causes, in one line."""
    name = type(error).__name__
    lines = "\n".join(line.strip() for line in str(error).splitlines())
    lines = lines.replace(_TWO_LINES, _ONE_LINE)
    return f"{name}: {java_trace.root_cause(lines) or name}"[:MAX_CAUSE_LENGTH]
