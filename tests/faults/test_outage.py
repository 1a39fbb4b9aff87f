"""A batch that begins while Cassandra is away fails, and a later one succeeds: none waits for ever.

The connector refreshes the schema before each write. After a refresh that failed, the driver of
Cassandra began no other one (docker/spark/patch), and the watchdog ended the process after 180 s.
"""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from cli.host import docker
from tests.harness.platform import Platform
from tests.harness.rows import await_row, insert_many
from tests.harness.tables import USERS

OUTAGES = 2


@pytest.mark.timeout(900)
def test_no_batch_waits_for_ever(platform: Platform) -> None:
    platform.assert_status_ok()
    begin = datetime.now(timezone.utc).isoformat()
    for _ in range(OUTAGES):
        assert platform.kill("cassandra-1", "CassandraDaemon")
        [key] = insert_many(platform, USERS, 1)
        platform.await_healthy()
        platform.assert_status_ok()
        await_row(platform, USERS, key)
    log = docker.ask("logs", "--since", begin, platform.container("spark-worker-1"))
    assert "failure 1" in log or "The driver exits" in log, "no batch failed"
    assert "it completed no step" not in log
