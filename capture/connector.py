"""The configuration of the connector: public.users → the users topic, in Avro."""

from __future__ import annotations

from capture.clients.postgres import Identity
from capture.settings import ROLE, Settings
from contract.kafka.capture import CONNECTOR, SLOT
from contract.kafka.events import ADD_FIELDS
from contract.kafka.topics import PREFIX
from contract.stores.postgres.roles import DATABASE
from contract.stores.postgres.sql import HEARTBEAT
from contract.stores.postgres.triggers import PUBLICATION

PASSWORD_FOLDER = "/dev/shm/connect-secrets"
"""The worker resolves secrets from this folder alone, which holds the connector's own password."""
QUEUE_BYTES = 64 << 20
"""Events that wait for Kafka, as Debezium estimates their size; the heap's default is 512 MiB."""


def configuration(settings: Settings, epoch: int, identity: Identity) -> dict[str, str]:
    """What Kafka Connect is given; riada.* are read by docker/connect/task."""
    return {
        "connector.class": "riada.connect.UsersConnector",
        "tasks.max": "1",
        "riada.epoch": str(epoch),
        "riada.system.identifier": identity.system_identifier,
        "riada.timeline": identity.timeline,
        "database.hostname": settings.postgres_host,
        "database.port": str(settings.postgres_port),
        "database.dbname": DATABASE,
        "database.user": ROLE.value,
        "database.password": f"${{secrets:{PASSWORD_FOLDER}:{ROLE.secret}}}",
        "plugin.name": "pgoutput",
        "slot.name": SLOT,
        "publication.name": PUBLICATION,
        "publication.autocreate.mode": "disabled",
        "table.include.list": "public.users",
        # Once in an epoch, at its begin: the task refuses a start that would need another snapshot.
        "snapshot.mode": "initial",
        # A source without writes still moves the slot on: other databases' WAL would pile up.
        "heartbeat.interval.ms": "10000",
        "heartbeat.action.query": HEARTBEAT,
        # Debezium spins through the last millisecond of each wait: 10 ms cost 10 % of a core.
        "poll.interval.ms": "50",
        "max.batch.size": "8192",
        "max.queue.size": "32768",
        # Of rows of 20 KiB, so many do not fit into the worker's heap.
        "max.queue.size.in.bytes": str(QUEUE_BYTES),
        # pg_logical_emit_message() of other programs: would go to a topic of its own.
        "message.prefix.exclude.list": ".*",
        "errors.max.retries": "-1",
        "retriable.restart.connector.wait.ms": "2000",
        "topic.prefix": PREFIX,
        # The manager makes the users topic; this is for the heartbeat's.
        "topic.creation.default.partitions": "1",
        "topic.creation.default.replication.factor": str(settings.replication_factor),
        "decimal.handling.mode": "string",
        "schema.name.adjustment.mode": "avro",
        "field.name.adjustment.mode": "avro",
        "tombstones.on.delete": "false",
        "transforms": "unwrap",
        "transforms.unwrap.type": "io.debezium.transforms.ExtractNewRecordState",
        "transforms.unwrap.add.fields": ADD_FIELDS,
        "transforms.unwrap.delete.tombstone.handling.mode": "rewrite",
        **_converter("key", settings),
        **_converter("value", settings),
        "name": CONNECTOR,
    }


def _converter(role: str, settings: Settings) -> dict[str, str]:
    """Apicurio's, in the Confluent wire format, which stock clients read."""
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
