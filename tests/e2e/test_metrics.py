"""Prometheus reads every component, and an alert comes and goes by itself, by webhook too."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from cli.installation import ROOT
from tests.harness.platform import Platform
from tests.harness.prometheus import assert_costs_little, firing, query
from tests.harness.wait import eventually
from tests.harness.webhook import Webhook, receiver

TARGETS = {
    *("kafka-1", "zookeeper-1", "connect", "cassandra-1", "postgres-exporter"),
    *("control-center", "alertmanager", "prometheus"),
}


@pytest.fixture(scope="module")
def webhook(platform: Platform) -> Iterator[Webhook]:
    with receiver(platform) as running:
        yield running


def test_every_target_is_read(platform: Platform) -> None:
    def all_up() -> bool:
        up = {one["metric"]["instance"]: one["value"][1] for one in query(platform, "up")}
        return up == dict.fromkeys(TARGETS, "1")

    eventually(all_up, f"up of {', '.join(sorted(TARGETS))}", 120)


def test_every_metric_of_the_docs_is_there(platform: Platform) -> None:
    docs = (ROOT / "docs/metrics.md").read_text()
    names = re.findall(r"^\| `([a-z0-9_:]+)(?:\{\w+(?:, \w+)*\})?` \|", docs, re.MULTILINE)
    assert len(names) > 30
    platform.await_run(platform.ingest(20))

    def missing() -> list[str]:
        return [name for name in names if not query(platform, f'{{__name__=~"{name}(_bucket)?"}}')]

    eventually(lambda: not missing(), "a value of every metric of docs/metrics.md", 120)


def test_people_are_counted_at_every_stage(platform: Platform) -> None:
    stages = ("committed", "on_topic", "in_cassandra")

    def counts() -> list[float]:
        found = [query(platform, f"riada_people_{stage}_total")[0] for stage in stages]
        return [float(one["value"][1]) for one in found]

    eventually(lambda: len(counts()) == len(stages), "all counts", 60)
    before = counts()
    platform.await_run(platform.ingest(50))

    def grown() -> bool:
        return all(now - then >= 50 for now, then in zip(counts(), before, strict=True))

    eventually(grown, "50 people more at every stage", 90)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("service", "alerts"),
    [
        ("connect", {"ConnectorDown", "SlotUnread", "TargetDown"}),
        ("zookeeper-1", {"NodeDown", "ZooKeeperSessionLost"}),
        ("spark-worker-1", {"NodeDown", "DriverDown"}),
        ("cassandra-1", {"NodeDown"}),
        ("control-center", {"ControlCenterDown"}),
    ],
)
def test_an_alert_comes_and_goes(
    platform: Platform, webhook: Webhook, service: str, alerts: set[str]
) -> None:
    eventually(lambda: not alerts & firing(platform).keys(), "none of the alerts", 120)
    heard = len(webhook.heard())
    began = time.monotonic()
    platform.stop(service)
    stopped = time.monotonic()
    try:
        eventually(lambda: alerts <= firing(platform).keys(), f"{alerts}", 120, 0.5)
        print(f"{service}: {alerts} {time.monotonic() - began:.1f} s after docker stop began,")
        print(f"  {time.monotonic() - stopped:.1f} s after it ended: {firing(platform)}")
        told = {(alert, "firing") for alert in alerts}
        eventually(lambda: told <= set(webhook.heard()[heard:]), f"{told} by webhook", 60, 0.5)
        print(f"  by webhook after {time.monotonic() - stopped:.1f} s")
    finally:
        platform.start(service)
    platform.await_healthy()
    healthy = time.monotonic()
    eventually(lambda: not alerts & firing(platform).keys(), f"{alerts} gone", 240, 0.5)
    told = {(alert, "resolved") for alert in alerts}
    eventually(lambda: told <= set(webhook.heard()[heard:]), f"{told} by webhook", 60, 0.5)
    print(f"  gone {time.monotonic() - healthy:.1f} s after it was healthy again")


def test_watching_costs_little(platform: Platform) -> None:
    """Control Center, Prometheus and what belongs to it: memory, and CPU printed."""
    assert_costs_little(platform, "control-center", "prometheus", "alertmanager", "postgres")
