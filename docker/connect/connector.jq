# The connector `users`: PostgreSQL's public.users → topic riada.public.users, Avro.
# Rendered by `jq -n -f`; $ENV is the container's environment.
def apicurio(role): {
  "": "io.apicurio.registry.utils.converter.AvroConverter",
  ".apicurio.registry.url": "\($ENV.SCHEMA_REGISTRY_URL)/apis/registry/v2",
  ".apicurio.registry.auto-register": "true",
  ".apicurio.registry.find-latest": "true",
  # Confluent's wire format, readable by stock clients
  ".apicurio.registry.as-confluent": "true",
  ".apicurio.registry.use-id": "contentId",
  ".apicurio.registry.headers.enabled": "false"
} | with_entries(.key |= role + ".converter" + .);

{
  "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
  "tasks.max": "1",

  "database.hostname": $ENV.POSTGRES_HOST,
  "database.port": $ENV.POSTGRES_PORT,
  "database.dbname": "people",
  "database.user": "debezium",
  "database.password": "${secrets:/run/secrets:postgres-debezium}",

  "plugin.name": "pgoutput",
  "slot.name": "riada",
  "publication.name": "riada",
  "publication.autocreate.mode": "disabled",
  "table.include.list": "public.users",
  # All rows again, should the slot be gone; `initial` would go on without those between.
  "snapshot.mode": "when_needed",

  # A source without writes still moves the slot on: other databases' WAL would pile up.
  "heartbeat.interval.ms": "10000",
  "heartbeat.action.query": "INSERT INTO public.heartbeat (id, at) VALUES (1, now()) ON CONFLICT (id) DO UPDATE SET at = now()",

  # Debezium spins through the last millisecond of each wait: at 10 that is a tenth of a core, idle.
  "poll.interval.ms": "50",
  "max.batch.size": "8192",
  "max.queue.size": "32768",
  "errors.max.retries": "-1",
  "retriable.restart.connector.wait.ms": "2000",

  "topic.prefix": "riada",
  # The keeper makes the users topic; this is for the heartbeat's.
  "topic.creation.default.partitions": "1",
  "topic.creation.default.replication.factor": $ENV.REPLICATION_FACTOR,

  "decimal.handling.mode": "string",
  "schema.name.adjustment.mode": "avro",
  "field.name.adjustment.mode": "avro",

  "tombstones.on.delete": "false",
  "transforms": "unwrap",
  "transforms.unwrap.type": "io.debezium.transforms.ExtractNewRecordState",
  "transforms.unwrap.add.fields": "op,source.ts_ms,source.lsn",
  "transforms.unwrap.delete.tombstone.handling.mode": "rewrite"
} + apicurio("key") + apicurio("value")
