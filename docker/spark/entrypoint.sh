#!/bin/bash
# entrypoint.sh master | worker
# worker: SPARK_MASTER_URL, WORKER_CORES, WORKER_MEMORY; its environment is the streaming job's too
# (spark/riada_stream/settings.py). SPARK_LOCAL_HOSTNAME: the name others reach this node by.
set -euo pipefail
export SPARK_LOCAL_HOSTNAME=${SPARK_LOCAL_HOSTNAME:-$(hostname)}

case ${1:-} in
    master)
        exec "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.master.Master \
            --host "$SPARK_LOCAL_HOSTNAME" --port 7077 --webui-port 8080
        ;;
    worker)
        wait-for
        follow-logs /var/lib/spark-work &
        exec "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.worker.Worker \
            --host "$SPARK_LOCAL_HOSTNAME" --webui-port 8081 --work-dir /var/lib/spark-work \
            --cores "${WORKER_CORES:-3}" --memory "${WORKER_MEMORY:-2g}" \
            "${SPARK_MASTER_URL:-spark://spark-master:7077}"
        ;;
    *)
        exec "$@"
        ;;
esac
