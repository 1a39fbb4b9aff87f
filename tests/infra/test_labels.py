"""Labels of containers: infra sets them; cli/ and node/, which share no package, read them."""

from __future__ import annotations

import re

import pytest

from cli.host import docker
from cli.installations import containers
from cli.runners import compose
from node.steps import running
from tests.infra.conftest import ROOT
from tests.lint.tools import tracked

LABEL = re.compile(r"\briada\.(?:[a-z]+-)?[a-z]+\b")


def labels_of(file: str) -> set[str]:
    return set(LABEL.findall((ROOT / file).read_text()))


SET = labels_of("infra/modules/containers/main.tf")


def test_what_is_read_is_set() -> None:
    read = {docker.PROJECT, containers.SERVICE, containers.IN_SYNC, containers.LEADS}
    read.add(containers.CLUSTER_SECRET)
    assert read < SET
    assert labels_of("infra/wait-healthy.sh") == {docker.PROJECT, containers.SERVICE}


def test_nodes_read_the_same_labels() -> None:
    assert running.IN_SYNC == containers.IN_SYNC
    assert running.CONFIG_HASH == compose.CONFIG_HASH


@pytest.mark.parametrize("package", ["cli", "node"])
def test_a_package_spells_a_label_once(package: str) -> None:
    spelled = [
        label
        for file in tracked(f"{package}/*.py")
        for label in LABEL.findall((ROOT / file).read_text())
        if label in SET
    ]
    assert sorted(spelled) == sorted(set(spelled))
