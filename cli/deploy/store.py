"""The artifacts store of an installation."""

from __future__ import annotations

from cli.deploy.artifacts import Artifacts
from cli.deploy.bucket import ArtifactsBucket
from cli.deploy.volume import ArtifactsVolume
from cli.installations import aws
from cli.installations.aws import AwsInstallation
from cli.installations.local import Installation


def artifacts_of(installation: Installation) -> Artifacts:
    if isinstance(installation, AwsInstallation):
        return ArtifactsBucket(aws.output("bucket"))
    return ArtifactsVolume(f"{installation.project}-airflow-scheduler")
