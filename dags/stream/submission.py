"""What the Spark master's REST server is asked to run: one supervised Python driver.

`spark-submit --deploy-mode cluster` refuses Python on a standalone cluster; this is the request
that it would send, with SparkSubmit itself as the driver's main class. Paths, class path and
endpoints belong to the worker's image and environment, which the driver inherits.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from contract.stream.application import application_name

SPARK_VERSION = "3.5.9"


def main_file(release: str) -> str:
    """The job's entry on the artifacts volume, which every worker mounts."""
    return f"/artifacts/releases/{release}/spark/main.py"


def submission(release: str, environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The body of POST /v1/submissions/create for this release's driver."""
    master = environ.get("SPARK_MASTER_URL", "spark://spark-master:7077")
    name = application_name(release)
    return {
        "action": "CreateSubmissionRequest",
        "clientSparkVersion": SPARK_VERSION,
        "appResource": "",
        "mainClass": "org.apache.spark.deploy.SparkSubmit",
        "appArgs": [
            *("--master", master),
            *("--deploy-mode", "client"),
            *("--name", name),
            main_file(release),
            *("--release", release),
        ],
        "environmentVariables": {"SPARK_ENV_LOADED": "1"},
        "sparkProperties": {
            "spark.master": master,
            "spark.app.name": name,
            "spark.submit.deployMode": "cluster",
            "spark.driver.supervise": "true",
            "spark.driver.memory": environ.get("SPARK_DRIVER_MEMORY", "768m"),
            "spark.driver.cores": "1",
            "spark.jars": "",
        },
    }
