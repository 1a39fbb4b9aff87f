#!/bin/bash
# A Kafka Connect worker with Debezium, and the manager (capture/) of its connectors.
#   KAFKA_BOOTSTRAP                  "kafka-1:9092,kafka-2:9092"
#   SCHEMA_REGISTRY_URL              "http://schema-registry:8081"
#   POSTGRES_HOST, POSTGRES_PORT     the platform's own PostgreSQL; database people, role debezium
#   /run/secrets/postgres-debezium   that role's password
#   /run/secrets/ca                  the CA of that server's certificate
#   DATABASES                        other servers: "shop=db.example:5432,crm=10.0.0.5"
#   /run/secrets/database-shop       the password there, of the user of tables/shop/database.toml
#   /run/secrets/connect-rest        the password of the REST API's user riada
#   TOPIC_PARTITIONS                 of a table's events topic; REPLICATION_FACTOR of every topic
#   KAFKA_TABLE_GIB                    disk that the topics of one table may take on each broker
#   /artifacts                       the volume with the releases, which name the tables
#   ADVERTISED_HOST                  by which others reach this worker
set -euo pipefail

: "${KAFKA_BOOTSTRAP:?}" "${SCHEMA_REGISTRY_URL:?}"
wait-for

# The files are in memory, so neither environment nor arguments show the passwords.
readonly secrets=/dev/shm/connect-secrets
shopt -s nullglob
(
    umask 077
    mkdir -p "$secrets"
    for file in /run/secrets/postgres-debezium /run/secrets/database-*; do
        # without the newline that an editor adds: Kafka would take it for a part of the password
        printf '%s' "$(<"$file")" >"$secrets/${file##*/}"
    done
    echo "$(python -m contract connect-user)=$(</run/secrets/connect-rest)" >/dev/shm/connect-rest
)

largest_request=$(python -m contract largest-request)
readonly largest_request config=/tmp/connect.properties
cat >"$config" <<EOF
bootstrap.servers=$KAFKA_BOOTSTRAP
group.id=connect
listeners=http://:8083
rest.advertised.host.name=$ADVERTISED_HOST
plugin.path=/opt/connect/plugins
plugin.discovery=service_load

# Topics and REST answers contain a reference instead of the password. A user who may configure a
# connector can send the contents of this folder anywhere, so it holds only the passwords of
# connectors.
config.providers=secrets
config.providers.secrets.class=org.apache.kafka.common.config.provider.DirectoryConfigProvider
config.providers.secrets.param.allowed.paths=$secrets
rest.extension.classes=org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension

config.storage.topic=_connect_configs
config.storage.replication.factor=$REPLICATION_FACTOR
offset.storage.topic=_connect_offsets
offset.storage.replication.factor=$REPLICATION_FACTOR
offset.storage.partitions=1
offset.flush.interval.ms=5000
status.storage.topic=_connect_status
status.storage.replication.factor=$REPLICATION_FACTOR
status.storage.partitions=1
# There is only one worker, so it waits for no other before it assigns lost tasks again.
scheduled.rebalance.max.delay.ms=0
key.converter=org.apache.kafka.connect.json.JsonConverter
value.converter=org.apache.kafka.connect.json.JsonConverter

producer.acks=all
producer.linger.ms=5
producer.batch.size=131072
producer.compression.type=lz4
producer.max.request.size=$largest_request
EOF

until python -m capture prepare; do sleep 5; done
# The worker replaces the shell's process.
manage() {
    local code
    while true; do
        code=0
        python -m capture run || code=$?
        if [[ $code -eq 3 ]]; then kill $$; fi
        sleep 5
    done
}
manage &

read -ra options <<<"$JVM_OPTIONS"
agent=$(echo /opt/connect/worker/lib/jmx_prometheus_javaagent-*.jar)
exec java "-Xmx$HEAP" "${options[@]}" "-javaagent:$agent=9404:/etc/riada/metrics.yaml" -XX:+ExitOnOutOfMemoryError \
    -Dlog4j.configuration=file:/etc/riada/connect-log4j.properties \
    -Djava.security.auth.login.config=/etc/riada/rest-login.conf \
    -cp '/opt/connect/worker/lib/*' org.apache.kafka.connect.cli.ConnectDistributed "$config"
