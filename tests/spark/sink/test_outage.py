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
        "Couldn't find people.orders or any similarly named keyspace and table pairs",
        "unconfigured table orders",
        "Job aborted: ExecutorLostFailure (executor 3 exited)",
        "InconsistentStatsError: Spark saw deletes",
    ],
)
def test_not_an_outage(text: str) -> None:
    assert not is_outage(RuntimeError(text))


def test_a_busy_cassandra_is_not_an_outage() -> None:
    error = RuntimeError(
        "Cassandra timeout during UNLOGGED_BATCH write query at consistency LOCAL_QUORUM"
    )
    assert (is_busy(error), is_outage(error)) == (True, False)
