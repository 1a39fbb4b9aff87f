"""Prometheus scrapes every component, and monitoring costs little."""

from __future__ import annotations

import re

from cli.host.paths import ROOT
from tests.harness.platform import Platform
from tests.harness.prometheus import assert_costs_little, query
from tests.harness.wait import eventually

# No other PostgreSQL delivers to the platform here: tests/tables.
OF_OTHER_DATABASES = {"riada_database_up"}
# After the first restore test, which follows the first backup.
LATER = {"riada_restore_test_seconds"}
TARGETS = {
    *("kafka-1", "zookeeper-1", "connect", "cassandra-1", "postgres-exporter"),
    *("control-center", "alertmanager", "prometheus"),
}


def test_every_target_is_scraped(platform: Platform) -> None:
    def all_up() -> bool:
        up = {sample["metric"]["instance"]: sample["value"][1] for sample in query(platform, "up")}
        return up == dict.fromkeys(TARGETS, "1")

    eventually(all_up, f"up of {', '.join(sorted(TARGETS))}", 120)


def test_every_metric_of_the_docs_has_a_value(platform: Platform) -> None:
    docs = (ROOT / "docs/metrics.md").read_text()
    names = re.findall(r"^\| `([a-z0-9_:]+)(?:\{\w+(?:, \w+)*\})?` \|", docs, re.MULTILINE)
    assert len(names) > 30
    names = [name for name in names if name not in {*OF_OTHER_DATABASES, *LATER}]
    platform.await_run(platform.ingest(20))

    def missing() -> list[str]:
        return [name for name in names if not query(platform, f'{{__name__=~"{name}(_bucket)?"}}')]

    eventually(lambda: not missing(), "a value of every metric of docs/metrics.md", 120)


def test_rows_are_counted_at_every_stage(platform: Platform) -> None:
    stages = ("committed", "on_topic", "in_cassandra")

    def counts() -> list[float]:
        samples = [
            query(platform, f'riada_rows_{stage}_total{{table="users"}}')[0] for stage in stages
        ]
        return [float(sample["value"][1]) for sample in samples]

    eventually(lambda: len(counts()) == len(stages), "all counts", 60)
    before = counts()
    platform.await_run(platform.ingest(50))

    def grown() -> bool:
        return all(now - earlier >= 50 for now, earlier in zip(counts(), before, strict=True))

    eventually(grown, "50 more rows at every stage", 90)


def test_monitoring_costs_little(platform: Platform) -> None:
    """Memory is limited; memory and CPU are printed."""
    assert_costs_little(platform, "control-center", "prometheus", "alertmanager", "postgres")
