#!/bin/bash
# entrypoint.sh master | worker
#   ADVERTISED_HOST    the name by which others reach this node; its own by default
#   HEAP               of the master or worker process
#   STATE_ZOOKEEPER    "zookeeper-1:2181,…" that keep the master's state; empty: /var/lib/spark does
#   SPARK_MASTER_URL, WORKER_CORES, WORKER_MEMORY   what a worker offers, and to whom
#   SPARK_DRIVER_MEMORY_MIB          heap of the driver that the master's gateway submits
#   /run/secrets/spark-rpc           the secret that master, workers, drivers and executors share
#   /run/secrets/spark-submit        the token of the master's gateway
#   /run/secrets/tls-spark-master    the gateway's key and certificate
# A worker's environment is the streaming job's too: spark/riada_stream/settings.py.
set -euo pipefail
readonly work=/var/lib/spark-work
export SPARK_LOCAL_HOSTNAME=${ADVERTISED_HOST:-$(hostname)} SPARK_DAEMON_MEMORY=${HEAP:-256m}

# A Spark context takes the secret from the file of settings only; an executor reads none, but takes the secret from
# Hadoop's credentials. Both files are in memory, and drivers and executors inherit their names.
configure() {
    local secret
    secret=$(</run/secrets/spark-rpc)
    export SPARK_CONF_DIR=/dev/shm/spark HADOOP_TOKEN_FILE_LOCATION=/dev/shm/spark/credentials
    (
        umask 077
        rm -rf "$SPARK_CONF_DIR"
        cp -r /etc/spark "$SPARK_CONF_DIR"
        echo "spark.authenticate.secret $secret" >>"$SPARK_CONF_DIR/spark-defaults.conf"
        hadoop-credentials sparkCookie </run/secrets/spark-rpc >"$HADOOP_TOKEN_FILE_LOCATION"
    )
}

case ${1:-} in
    master)
        wait-for
        configure
        [[ -z ${STATE_ZOOKEEPER:-} ]] || cat >>"$SPARK_CONF_DIR/spark-defaults.conf" <<END
spark.deploy.recoveryMode ZOOKEEPER
spark.deploy.zookeeper.url $STATE_ZOOKEEPER
spark.deploy.zookeeper.dir /spark
END
        SPARK_DRIVER_MEMORY=$SPARK_DAEMON_MEMORY exec "$SPARK_HOME/bin/spark-class" riada.spark.Master \
            --host "$SPARK_LOCAL_HOSTNAME" --port 7077 --webui-port 8080
        ;;
    worker)
        wait-for
        configure
        # The volume outlives the container; the processes of its files do not.
        rm -rf "${work:?}"/*
        mkdir "$work/folders" "$work/local"
        export SPARK_LOCAL_DIRS=$work/local
        follow-logs "$work/folders" &
        exec "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.worker.Worker \
            --host "$SPARK_LOCAL_HOSTNAME" --port 7078 --webui-port 8081 --work-dir "$work/folders" \
            --cores "${WORKER_CORES:-3}" --memory "${WORKER_MEMORY:-2g}" \
            "${SPARK_MASTER_URL:-spark://spark-master:7077}"
        ;;
    *)
        exec "$@"
        ;;
esac
