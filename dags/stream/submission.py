"""The request to the Spark master's REST server to run one supervised Python driver.

`spark-submit --deploy-mode cluster` refuses Python on a standalone cluster. This is the request
that it would send, with SparkSubmit itself as the driver's main class. The worker's image and
environment set paths, class path and endpoints, and the driver inherits them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TypedDict

from contract.stream.application import application_name
from contract.stream.releases import JOBS

SPARK_VERSION = "3.5.9"


class Submission(TypedDict):
    """The body of POST /v1/submissions/create."""

    action: str
    clientSparkVersion: str
    appResource: str
    mainClass: str
    appArgs: list[str]
    environmentVariables: dict[str, str]
    sparkProperties: dict[str, str]


def main_file(job: str) -> str:
    """The job's main file on the artifacts volume, which every worker mounts. It outlives the
    release with which the driver begins."""
    return f"/artifacts/{JOBS}/{job}/spark/main.py"


def submission(release: str, job: str, environ: Mapping[str, str] = os.environ) -> Submission:
    """The submission of the driver of this release, which has this job."""
    master = environ.get("SPARK_MASTER_URL", "spark://spark-master:7077")
    name = application_name(job)
    arguments = {"--master": master, "--deploy-mode": "client", "--name": name}
    return {
        "action": "CreateSubmissionRequest",
        "clientSparkVersion": SPARK_VERSION,
        "appResource": "",
        "mainClass": "org.apache.spark.deploy.SparkSubmit",
        "appArgs": [
            *(text for argument in arguments.items() for text in argument),
            main_file(job),
            "--release",
            release,
            "--job",
            job,
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
