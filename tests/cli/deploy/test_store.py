"""The artifacts store is a volume on this machine and a bucket on AWS."""

from __future__ import annotations

import pytest

from cli.deploy.bucket import ArtifactsBucket
from cli.deploy.store import artifacts_of
from cli.deploy.volume import ArtifactsVolume
from cli.installations import aws
from cli.installations.aws import AwsInstallation
from cli.installations.local import Installation


def test_the_store_of_this_machine_is_the_schedulers_volume() -> None:
    store = artifacts_of(Installation("mine", {}))
    assert isinstance(store, ArtifactsVolume)
    assert vars(store) == vars(ArtifactsVolume("mine-airflow-scheduler", "/artifacts"))


def test_the_store_on_aws_is_the_bucket_of_terraform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "output", {"bucket": "the-bucket"}.__getitem__)
    store = artifacts_of(AwsInstallation("mine", {}))
    assert isinstance(store, ArtifactsBucket)
    assert vars(store) == vars(ArtifactsBucket("the-bucket"))
