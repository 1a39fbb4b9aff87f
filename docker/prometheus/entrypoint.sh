#!/bin/bash
# entrypoint.sh prometheus | alertmanager | postgres-exporter
#   CONTROL_CENTER      host:port of its /metrics, read with the secret control-center-metrics
#   TARGETS             exporters by job: "kafka=kafka-1:9404,kafka-2:9404 connect=connect:9404"
#   ALERTMANAGER        host:port that alerts go to
#   RETENTION_DAYS, RETENTION_SIZE   of the history: whichever is reached first
#   ALERT_WEBHOOK_URL   what Alertmanager POSTs to, with the secret alert-webhook; empty: nothing
#   POSTGRES_HOST       asked as role observer; its certificate is of the CA /run/secrets/ca
set -euo pipefail

case ${1:-} in
    prometheus)
        /opt/configure/prometheus /tmp/prometheus.yml
        exec prometheus --config.file=/tmp/prometheus.yml --log.level=warn \
            --web.listen-address=:9090 --web.cors.origin=none --storage.tsdb.path=/var/lib/prometheus \
            --storage.tsdb.retention.time="${RETENTION_DAYS}d" \
            --storage.tsdb.retention.size="$RETENTION_SIZE" \
            --query.max-concurrency=4 --query.timeout=20s
        ;;
    alertmanager)
        /opt/configure/alertmanager /tmp/alertmanager.yml
        exec prometheus-alertmanager --config.file=/tmp/alertmanager.yml --log.level=warn \
            --web.listen-address=:9093 --cluster.listen-address= --storage.path=/var/lib/alertmanager
        ;;
    postgres-exporter)
        export DATA_SOURCE_URI="$POSTGRES_HOST:5432/people?sslmode=verify-full&sslrootcert=/run/secrets/ca&connect_timeout=4" \
            DATA_SOURCE_USER=observer DATA_SOURCE_PASS_FILE=/run/secrets/postgres-observer
        exec prometheus-postgres-exporter --web.listen-address=:9187 --log.level=warn \
            --disable-settings-metrics --no-collector.bgwriter # its columns are not those of PostgreSQL 17
        ;;
    *)
        exec "$@"
        ;;
esac
