"""infra/README.md shows one record at each step with the values that Terraform computes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.infra.conftest import ROOT, Outputs

SERVICE = "kafka-1"
BLOCKS = re.findall(r"```json\n(.*?)```", (ROOT / "infra/README.md").read_text(), re.DOTALL)
# The record shows a published port: that of infra/ports.json.
PORTS = json.loads((ROOT / "infra/ports.json").read_text())

Json = dict[str, Any]


@pytest.fixture(scope="module")
def record(outputs: Outputs) -> Json:
    published = {"publish": {"kafka": PORTS["kafka"]}}
    services: dict[str, Json] = outputs("platform", **published)["services"]
    return services[SERVICE]


@pytest.fixture(scope="module")
def machine(outputs: Outputs, record: Json) -> Json:
    return outputs(
        "containers",
        project="demo",
        services={SERVICE: record},
        images={"kafka": "riada/kafka:1"},
        secrets_dir="/srv/secrets",
    )


def container(outputs: Outputs, record: Json, machine: Json) -> Any:
    return machine["containers"][SERVICE]


def compose_service(outputs: Outputs, record: Json, machine: Json) -> Any:
    return json.loads(outputs("compose", machine=machine)["text"])["services"][SERVICE]


def node(outputs: Outputs, record: Json, machine: Json) -> Any:
    placement = outputs("placement", domain="demo.internal")
    services = {SERVICE: record}
    return outputs("nodes", placement=placement, services=services)["nodes"][SERVICE]


def shown(block: Any, value: Any) -> Any:
    """The part of a value that a block shows."""
    if isinstance(block, dict) and isinstance(value, dict):
        return {key: shown(block[key], value[key]) for key in block if key in value}
    return value


@pytest.mark.parametrize(
    ("number", "step"),
    [
        (0, lambda _, record, __: record),
        (1, container),
        (2, compose_service),
        (3, node),
    ],
    ids=["record", "container", "compose", "node"],
)
def test_step(
    outputs: Outputs,
    record: Json,
    machine: Json,
    number: int,
    step: Callable[[Outputs, Json, Json], Any],
) -> None:
    assert len(BLOCKS) == 4
    block = json.loads(BLOCKS[number])
    assert block == shown(block, step(outputs, record, machine))
