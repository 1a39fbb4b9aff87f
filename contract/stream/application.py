"""The streaming job: the name of its Spark application, and the states of live drivers."""

from __future__ import annotations

from enum import Enum

PREFIX = "stream-"


def application_name(job: str) -> str:
    """The hash of the job's program (contract/stream/deployed.py): 3f2a9c01d2e4 →
    stream-3f2a9c01d2e4."""
    return f"{PREFIX}{job}"


def is_application(name: str) -> bool:
    """Does an application of this name run the streaming job, whatever its program?"""
    return name.startswith(PREFIX)


class SparkState(str, Enum):
    """States of drivers, applications, workers and the master, in the JSON of Spark's master.

    Source: the enumerations of org.apache.spark.deploy.master.
    """

    SUBMITTED = "SUBMITTED"
    RUNNING = "RUNNING"
    UNKNOWN = "UNKNOWN"
    RELAUNCHING = "RELAUNCHING"
    ALIVE = "ALIVE"


# A driver in RELAUNCHING is not live: its successor runs under another id, and the old id keeps the
# state for ever. A driver is UNKNOWN while its worker has not reported to a restarted master.
LIVE_DRIVERS = frozenset({SparkState.SUBMITTED, SparkState.RUNNING, SparkState.UNKNOWN})


def is_live_driver(state: str) -> bool:
    """Does a driver in this state run, or will it?"""
    return state in LIVE_DRIVERS
