"""The artifacts store of an installation."""

from __future__ import annotations

from cli.deploy.artifacts import Artifacts, Bucket, Volume
from cli.installations import aws
from cli.installations.local import Installation
from cli.installations.target import OnAws


def artifacts_of(installation: Installation) -> Artifacts:
    if isinstance(installation, OnAws):
        return Bucket(aws.output("bucket"))
    return Volume(f"{installation.project}-airflow-scheduler")
