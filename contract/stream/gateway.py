"""The Spark master's gateway, by which drivers are submitted and killed: docker/spark/gateway.

It runs the jobs on the artifacts volume and nothing else. Answers are JSON: `success`, `driver`,
`message`.
"""

from __future__ import annotations

from contract.stream.releases import JOBS

# The secret with the bearer token.
SECRET = "spark-submit"
DRIVERS = "/drivers"


def submission(release: str, job: str) -> str:
    """The path to POST: the driver of this job begins with the tables of this release."""
    return f"{DRIVERS}/{release}/{job}"


def driver(name: str) -> str:
    """The path to DELETE, which kills a driver for good."""
    return f"{DRIVERS}/{name}"


def main_file(job: str) -> str:
    """The job's main file on the artifacts volume, which every worker mounts. It outlives the
    release with which the driver begins."""
    return f"/artifacts/{JOBS}/{job}/spark/main.py"
