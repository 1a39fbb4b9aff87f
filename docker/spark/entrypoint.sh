#!/bin/bash
# entrypoint.sh master | worker
#   ADVERTISED_HOST    the name by which others reach this node; its own by default
#   HEAP               of the master or worker process
#   STATE_ZOOKEEPER    "zookeeper-1:2181,…" that keep the master's state; empty: /var/lib/spark does
#   SPARK_MASTER_URL, WORKER_CORES, WORKER_MEMORY   what a worker offers, and to whom
# A worker's environment is the streaming job's too: spark/riada_stream/settings.py.
set -euo pipefail
readonly work=/var/lib/spark-work
export SPARK_LOCAL_HOSTNAME=${ADVERTISED_HOST:-$(hostname)} SPARK_DAEMON_MEMORY=${HEAP:-256m}

case ${1:-} in
    master)
        wait-for
        [[ -z ${STATE_ZOOKEEPER:-} ]] || export SPARK_MASTER_OPTS="-Dspark.deploy.recoveryMode=ZOOKEEPER \
-Dspark.deploy.zookeeper.url=$STATE_ZOOKEEPER -Dspark.deploy.zookeeper.dir=/spark"
        exec "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.master.Master \
            --host "$SPARK_LOCAL_HOSTNAME" --port 7077 --webui-port 8080
        ;;
    worker)
        wait-for
        # The volume outlives the container; the processes of its files do not.
        rm -rf "$work"/*
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
