"""`make bench` measures every stage and removes its people."""

from __future__ import annotations

import json

from tests.harness.platform import Platform

STAGES = {"postgres_insert", "slot_decode", "debezium_to_kafka", "kafka_to_cassandra"}


def test_measures_every_stage_and_deletes_its_people(platform: Platform) -> None:
    done = platform.command("bench", JSON="1", ROWS="2000", WARM_UP_ROWS="0", LATENCY_S="5")
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout)
    assert result["stages"].keys() == STAGES
    assert all(rate and rate > 0 for rate in result["stages"].values()), result["stages"]
    assert 0 < result["rows_per_s"] <= min(result["stages"].values())
    assert 0 < result["latency_ms"]["p50"] <= result["latency_ms"]["p99"]
    assert result["latency_ms"]["samples"] > 10
    assert result["memory_mib"] > 1000
    assert result["deleted"] >= 2000
    left = platform.sql("SELECT count(*) FROM public.users WHERE username LIKE 'bench-%%'")
    assert left == [(0,)]
    platform.assert_equal_everywhere()
