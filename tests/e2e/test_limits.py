"""Everything that grows has the limit that docs/operations.md gives, as its engine reports it."""

from __future__ import annotations

import json

from confluent_kafka.admin import AdminClient, ConfigResource, ResourceType

from cli.clients.http import call
from cli.host import docker
from contract.kafka import retention, topics
from tests.harness.kafka import DEAD_LETTERS, TOPIC
from tests.harness.platform import Platform
from tests.harness.tables import USERS

GIB = 1 << 30
MIB = 1 << 20


def settings(platform: Platform) -> dict[str, dict[str, str]]:
    """Topic → its settings, with which the brokers work."""
    admin = AdminClient({"bootstrap.servers": f"127.0.0.1:{platform.installation.ports['kafka']}"})
    names = admin.list_topics(timeout=20).topics
    resources = [ConfigResource(ResourceType.TOPIC, name) for name in names]
    answers = admin.describe_configs(resources)
    return {
        resource.name: {name: str(entry.value) for name, entry in answer.result(20).items()}
        for resource, answer in answers.items()
    }


def test_every_topic_has_a_limit_in_time_or_is_compacted(platform: Platform) -> None:
    present = settings(platform)
    assert {TOPIC, DEAD_LETTERS, topics.CAPTURE.name, "_connect_offsets"} <= present.keys()
    unlimited = [
        name
        for name, topic in present.items()
        if topic["cleanup.policy"] != "compact" and int(topic["retention.ms"]) <= 0
    ]
    assert unlimited == []


def test_the_topics_of_a_table_have_16_gib(platform: Platform) -> None:
    share = retention.table_limits(16 * GIB, 4)
    present = settings(platform)
    wanted = {TOPIC: share.events, DEAD_LETTERS: share.dead_letters}
    for name, limit in wanted.items():
        assert limit.settings().items() <= present[name].items()


def test_postgres_bounds_its_wal(platform: Platform) -> None:
    with platform.postgres("observer") as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, pg_size_bytes(setting || unit) FROM pg_settings "
            "WHERE name IN ('max_wal_size', 'max_slot_wal_keep_size')"
        )
        assert dict(cursor) == {"max_wal_size": 2 * GIB, "max_slot_wal_keep_size": 4 * GIB}


def test_cassandra_forgets_batches_and_tombstones(platform: Platform) -> None:
    query = (
        "SELECT table_name, default_time_to_live, gc_grace_seconds FROM system_schema.tables "
        "WHERE keyspace_name = 'people'"
    )
    with platform.cassandra() as session:
        tables = {row.table_name: row for row in session.execute(query)}
    assert tables["batches"].default_time_to_live == retention.seconds(retention.BATCHES)
    assert tables[USERS.name].gc_grace_seconds == retention.seconds(retention.TOMBSTONE)


def test_prometheus_bounds_its_history(platform: Platform) -> None:
    url = f"{platform.installation.url('prometheus')}/api/v1/status/flags"
    flags = call("GET", url)["data"]
    assert flags["storage.tsdb.retention.time"] in ("15d", "2w1d")
    assert flags["storage.tsdb.retention.size"] == "512MiB"


def test_logs_are_bounded(platform: Platform) -> None:
    names = docker.named("container", platform.installation.project)
    for container in docker.inspect(*names):
        config = container["HostConfig"]["LogConfig"]
        limits = {"max-size": "10m", "max-file": "3"}
        assert (config["Type"], config["Config"]) == ("json-file", limits), container["Name"]
    processes = docker.ask("top", platform.container("airflow-scheduler"), "-o", "pid,args")
    assert "housekeeping.py follow" in processes
    processes = docker.ask("top", platform.container("spark-worker-1"), "-o", "pid,args")
    assert "follow-logs" in processes


def test_housekeeping_has_the_rights_that_it_needs(platform: Platform) -> None:
    done = platform.exec_in("airflow-scheduler", "python", "/opt/airflow/housekeeping.py", "now")
    assert done.returncode == 0, done.stdout + done.stderr


def test_status_knows_the_disk(platform: Platform) -> None:
    disk = platform.control_center("GET", "/api/probes/disk")
    assert disk["details"]["size"] > disk["details"]["free"] > MIB, json.dumps(disk)
