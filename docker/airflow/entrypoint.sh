#!/bin/bash
# Usage: entrypoint.sh api-server | scheduler | dag-processor | any other command
# Only the API server migrates the schema; the others wait for it.
set -euo pipefail
cd /opt/airflow

wait_for_execution_api() { # a task that cannot reach it fails to start
    until curl -fsS --max-time 30 -o /dev/null "${AIRFLOW__CORE__EXECUTION_API_SERVER_URL}health"; do
        echo "airflow: waiting for the execution API of the API server" && sleep 5
    done
}

wait-for "${WAIT_FOR:-${POSTGRES_HOST}:5432}"
case ${1:-} in
    api-server)
        AIRFLOW__LOGGING__LOGGING_LEVEL=WARNING python prepare.py
        exec airflow api-server
        ;;
    scheduler)
        python metadata.py wait
        wait_for_execution_api
        python metadata.py retire SchedulerJob
        # its parent ends, so that tini reaps it
        (
            while true; do
                python housekeeping.py follow || true
                sleep 60
            done &
        )
        # its log server would listen on every interface, so the containers share the log folder
        # instead
        exec airflow scheduler --skip-serve-logs
        ;;
    dag-processor)
        python metadata.py wait
        python metadata.py retire DagProcessorJob
        exec airflow dag-processor
        ;;
    *) exec "$@" ;;
esac
