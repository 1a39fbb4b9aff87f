"""Tells an outage of Cassandra from the fault of a message."""

from __future__ import annotations

import re

# Texts of the connector, of its driver and of Python's driver. Outages of one node among several
# are retried by them.
_OUTAGE = re.compile(
    "timed out|no node was available|could not reach any contact point|connection refused"
    "|AllNodesFailed|NoNodeAvailable|ClosedConnection|HeartbeatException|NoHostAvailable"
    "|failed to open native connection|Cannot achieve consistency|not enough replicas",
    re.IGNORECASE,
)


# Cassandra's answer when it is busy, and the connector's when it does not know a new table yet. The
# connector's session works on.
_BUSY = re.compile("Cassandra timeout during|OverloadedException|Couldn't find", re.IGNORECASE)


def is_busy(error: Exception) -> bool:
    """Whether the same write may succeed soon. A message is seldom to blame."""
    return _BUSY.search(str(error)) is not None


def is_outage(error: Exception) -> bool:
    """Whether the error says that Cassandra did not answer. After such an error the connector's
    session may hang for ever (checkpoint/failed_batch.py)."""
    return _OUTAGE.search(str(error)) is not None
