"""The configuration of the connector: each published table → its topic, in Avro."""

from __future__ import annotations

import re
from collections.abc import Iterable

from capture.clients.server import Server
from capture.clients.source import Identity
from capture.settings import Settings
from contract.kafka.capture import connector
from contract.kafka.events import ADD_FIELDS
from contract.kafka.topics import EVENTS, prefix
from contract.stores.postgres.capture_schema import HEARTBEAT
from contract.stores.postgres.publication import PUBLICATION

# The worker resolves secrets from this folder only. It holds the passwords of connectors alone.
PASSWORD_FOLDER = "/dev/shm/connect-secrets"
# Events that wait for Kafka, as Debezium estimates their size; the heap's default is 512 MiB.
QUEUE_BYTES = 64 << 20
# The worker runs several connectors if the release has other databases.
OTHERS_QUEUE_BYTES = 16 << 20
# The tables whose rows the snapshot that begins an epoch reads. Other tables' rows come later, so
# that this setting stays as it is for the whole epoch.
SNAPSHOT = "snapshot.include.collection.list"


def configuration(
    settings: Settings,
    server: Server,
    epoch: int,
    identity: Identity,
    relations: Iterable[str],
) -> dict[str, str]:
    """The settings for Kafka Connect; docker/connect/task reads riada.*. `relations`: those of the
    epoch's first snapshot."""
    return {
        "connector.class": "riada.connect.VersionedPostgresConnector",
        "tasks.max": "1",
        "riada.epoch": str(epoch),
        "riada.system.identifier": identity.system_identifier,
        "riada.timeline": identity.timeline,
        **server.settings(),
        "database.password": f"${{secrets:{PASSWORD_FOLDER}:{server.secret}}}",
        "plugin.name": "pgoutput",
        "publication.name": PUBLICATION,
        "publication.autocreate.mode": "disabled",
        # PostgreSQL sends changes of published tables only, so a new table needs no new setting.
        # Debezium adds the table of signals itself.
        "schema.exclude.list": "riada",
        SNAPSHOT: ",".join(map(_pattern, relations)) or "none",
        # The existing rows of a table that is added later come while changes stream.
        "signal.enabled.channels": "source",
        "signal.data.collection": "riada.signal",
        "incremental.snapshot.chunk.size": "1024",
        "incremental.snapshot.watermarking.strategy": "insert_delete",
        # docker/connect/task takes the notifications: Kafka does not get them.
        "notification.enabled.channels": "sink",
        "notification.sink.topic.name": "riada.notifications",
        # One snapshot begins an epoch; the task refuses a start that would need another one.
        "snapshot.mode": "initial",
        # Without writes to tables the slot must advance too, or WAL of other databases piles up.
        "heartbeat.interval.ms": "10000",
        "heartbeat.action.query": HEARTBEAT,
        # Debezium spins in the last millisecond of each wait: waits of 10 ms cost 10 % of a core.
        "poll.interval.ms": "50",
        "max.batch.size": "8192",
        "max.queue.size": "32768",
        # That many rows of 20 KiB do not fit into the worker's heap.
        "max.queue.size.in.bytes": str(OTHERS_QUEUE_BYTES if server.name else QUEUE_BYTES),
        # Messages of other programs by pg_logical_emit_message() would go to a topic of their own.
        "message.prefix.exclude.list": ".*",
        "errors.max.retries": "-1",
        "retriable.restart.connector.wait.ms": "2000",
        "topic.prefix": prefix(server.name),
        # The manager makes the tables' topics, but a table's first event may come before.
        "topic.creation.default.partitions": str(settings.topic_partitions),
        "topic.creation.default.replication.factor": str(settings.replication_factor),
        **{f"topic.creation.default.{name}": value for name, value in EVENTS.items()},
        # contract/table/kinds has the form of each type in the event.
        "decimal.handling.mode": "string",
        "time.precision.mode": "microseconds",
        "interval.handling.mode": "string",
        "binary.handling.mode": "bytes",
        "schema.name.adjustment.mode": "avro",
        "field.name.adjustment.mode": "avro",
        "tombstones.on.delete": "false",
        "transforms": "unwrap",
        "transforms.unwrap.type": "io.debezium.transforms.ExtractNewRecordState",
        "transforms.unwrap.add.fields": ADD_FIELDS,
        "transforms.unwrap.delete.tombstone.handling.mode": "rewrite",
        **_converter("key", settings),
        **_converter("value", settings),
        "name": connector(server.name),
    }


def _pattern(relation: str) -> str:
    """A regular expression of Java, in a list with commas, that matches this name only."""
    return re.sub("[^A-Za-z0-9_]", lambda match: f"\\x{{{ord(match[0]):x}}}", relation)


def _converter(role: str, settings: Settings) -> dict[str, str]:
    """Apicurio's converter, in the Confluent wire format, which stock clients read."""
    name = f"{role}.converter"
    return {
        name: "io.apicurio.registry.utils.converter.AvroConverter",
        f"{name}.apicurio.registry.url": f"{settings.schema_registry_url}/apis/registry/v2",
        f"{name}.apicurio.registry.auto-register": "true",
        f"{name}.apicurio.registry.find-latest": "true",
        f"{name}.apicurio.registry.as-confluent": "true",
        f"{name}.apicurio.registry.use-id": "contentId",
        f"{name}.apicurio.registry.headers.enabled": "false",
    }
