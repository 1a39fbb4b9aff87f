"""`make bench` measures every stage and removes its rows."""

from __future__ import annotations

import json

from tests.harness.platform import Platform
from tests.harness.tables import USERS

# More rows than ingest_users brings meanwhile, and fewer than the bench inserts.
ARRIVE = 1000
STAGES = {"postgres_insert", "slot_decode", "debezium_to_kafka", "kafka_to_cassandra"}


def test_measures_every_stage_and_deletes_its_rows(platform: Platform) -> None:
    before = platform.count()
    done = platform.command(
        "bench", JSON="1", TABLE=USERS.name, ROWS="2000", WARM_UP_ROWS="0", LATENCY_S="5"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout)
    assert result["stages"].keys() == STAGES
    assert all(rate and rate > 0 for rate in result["stages"].values()), result["stages"]
    assert 0 < result["rows_per_s"] <= min(result["stages"].values())
    assert 0 < result["latency_ms"]["p50"] <= result["latency_ms"]["p99"]
    assert result["latency_ms"]["samples"] > 10
    assert result["memory_mib"] > 1000
    assert result["deleted"] >= 2000
    assert platform.count() <= before + ARRIVE
    platform.assert_equal_everywhere()
