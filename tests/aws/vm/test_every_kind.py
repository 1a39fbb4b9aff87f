"""Every kind of node boots its user-data on a kernel of its own, and again with a new root disk."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest

from tests.aws.vm.conftest import Machines
from tests.aws.vm.rows import ENGINES, KEPT

# As many at once as two cores can boot; nodes that others need come first.
WAVES = (
    ("postgres", "zookeeper-1", "cassandra-1"),
    ("kafka-1", "spark-master", "airflow"),
    ("connect", "spark-worker-1", "control-center"),
)
NEEDED = {"postgres", "zookeeper-1", "kafka-1", "spark-master"}
WITHOUT_DATA = {"connect", "spark-master"}

pytestmark = pytest.mark.timeout(3600)


def test_waves_contain_every_kind(machines: Machines) -> None:
    assert {node for wave in WAVES for node in wave} == set(machines.platform.nodes)


@pytest.mark.parametrize("wave", WAVES, ids=", ".join)
def test_becomes_ready_and_again_with_a_new_root_disk(
    machines: Machines, figures: dict[str, Any], wave: tuple[str, ...]
) -> None:
    for node, took in machines.start(*wave).items():
        figures[f"ready_{node}_s"] = took
        kernel = re.search(r"Linux version (\S+)", machines.console(node))
        assert kernel and kernel[1] != os.uname().release, "a kernel of its own boots"
    for node in ENGINES.keys() & set(wave):
        _, write, _ = ENGINES[node]
        write(machines.engine_at(node))
    machines.stop(*wave)
    before = {node: machines.disk(node) for node in wave}
    instances = {node: machines.platform.nodes[node]["instance"] for node in wave}

    for node, took in machines.replace(*wave).items():
        figures[f"ready_again_{node}_s"] = took
        assert machines.platform.nodes[node]["instance"] != instances[node]
        assert machines.formatted(node) == (node not in WITHOUT_DATA)
        assert machines.disk(node) == before[node], "the same file system, the same folders in it"
        folders = sum(name.startswith("riada-") for name in before[node])
        assert bool(folders) == (node not in WITHOUT_DATA), "the engine's volumes are on the disk"
        figures[f"folders_kept_{node}"] = folders
        if node in ENGINES:
            *_, read = ENGINES[node]
            assert read(machines.engine_at(node)) == KEPT
    machines.stop(*(node for node in wave if node not in NEEDED))
