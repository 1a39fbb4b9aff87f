"""An outage of Cassandra ends the process, and the fault of a message does not."""

from __future__ import annotations

import pytest
from riada_stream.sink.outage import is_busy, is_outage


@pytest.mark.parametrize(
    "text",
    [
        "Failed to write statements to people.users. The latest exception was\n"
        "  Query timed out after PT12S",
        "com.datastax.oss.driver.api.core.NoNodeAvailableException: No node was available to"
        " execute the query",
        "Failed to open native connection to Cassandra at {cassandra-1:9042} :: Could not reach any"
        " contact point",
    ],
)
def test_an_outage(text: str) -> None:
    assert is_outage(RuntimeError(text))


@pytest.mark.parametrize(
    "text",
    [
        "unconfigured table orders",
        "Job aborted: ExecutorLostFailure (executor 3 exited)",
        "InconsistentStatsError: Spark saw deletes",
    ],
)
def test_not_an_outage(text: str) -> None:
    assert not is_outage(RuntimeError(text))


@pytest.mark.parametrize(
    "text",
    [
        "Cassandra timeout during UNLOGGED_BATCH write query at consistency LOCAL_QUORUM",
        "Couldn't find table orders in people - Found similar tables in that keyspace",
    ],
)
def test_a_write_that_may_succeed_soon_is_not_an_outage(text: str) -> None:
    error = RuntimeError(text)
    assert (is_busy(error), is_outage(error)) == (True, False)
