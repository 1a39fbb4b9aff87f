"""The docker provider's containers and the compose file have the same content."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.infra.conftest import FULL, Terraform

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def planned(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Resources that infra/local would create for FULL sizes."""
    init = terraform("local", "init", "-input=false", check=False)
    if init.returncode:
        pytest.skip(f"NOT COMPARED: infra/local needs kreuzwerker/docker: {init.stderr[:300]}")
    plan = tmp_path_factory.mktemp("local") / "plan"
    terraform("local", "plan", "-input=false", f"-out={plan}", f"-var=sizes={FULL}")
    shown = json.loads(terraform("local", "show", "-json", str(plan)).stdout)
    resources: list[dict[str, Any]] = shown["planned_values"]["root_module"]["resources"]
    return resources


def values(resources: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [resource["values"] for resource in resources if resource["type"] == kind]


def labels(container: dict[str, Any]) -> dict[str, str]:
    return {label["label"]: label["value"] for label in container["labels"]}


def environment(container: dict[str, Any]) -> list[str]:
    """NAME=value; a container without any has no `env` in the plan."""
    return container.get("env") or []


def from_provider(container: dict[str, Any]) -> dict[str, Any]:
    """A docker_container in the form of a compose service."""
    [check] = container["healthcheck"]
    [network] = container["networks_advanced"]
    [capabilities] = container["capabilities"]
    return {
        "container_name": container["name"],
        "hostname": container["hostname"],
        "image": container["image"],
        "command": container["command"] or None,
        "environment": dict(pair.split("=", 1) for pair in environment(container)),
        "labels": labels(container),
        "networks": {"default": {"aliases": network["aliases"]}},
        "volumes": sorted(
            (mount["type"], mount["source"], mount["target"], mount["read_only"])
            for mount in container["mounts"]
        ),
        "read_only": container["read_only"],
        "tmpfs": [f"{path}:{options}" for path, options in sorted(container["tmpfs"].items())],
        "pids_limit": int(labels(container)["riada.pids"]),
        "ports": [
            f"{port['ip']}:{port['external']}:{port['internal']}" for port in container["ports"]
        ],
        "healthcheck": {
            key: check[key] for key in ("test", "interval", "timeout", "retries", "start_period")
        },
        "mem_limit": container["memory"] * MIB,
        "memswap_limit": container["memory_swap"] * MIB,
        "stop_grace_period": f"{container['stop_timeout']}s",
        "restart": container["restart"],
        "cap_drop": capabilities["drop"],
        "security_opt": container["security_opts"],
        "logging": {"driver": container["log_driver"], "options": container["log_opts"]},
    }


def from_compose(service: dict[str, Any]) -> dict[str, Any]:
    """A compose service, comparable: `$$` is compose's `$`, mounts in order."""
    text = json.dumps({"command": None, **service, "volumes": None}).replace("$$", "$")
    mounts = sorted(
        (mount["type"], mount["source"], mount["target"], mount["read_only"])
        for mount in service["volumes"]
    )
    comparable: dict[str, Any] = json.loads(text)
    return comparable | {"volumes": mounts}


def test_containers(planned: list[dict[str, Any]], composed: dict[str, Any]) -> None:
    services = json.loads(composed["compose"])["services"]
    containers = {
        labels(container)["riada.service"]: container
        for container in values(planned, "docker_container")
    }
    assert containers.keys() == services.keys()
    for name, container in containers.items():
        assert from_provider(container) == from_compose(services[name]), name


def test_volumes_and_network(planned: list[dict[str, Any]], composed: dict[str, Any]) -> None:
    file = json.loads(composed["compose"])
    for kind, entries in (("volume", file["volumes"]), ("network", file["networks"])):
        planned_labels = {
            resource["name"]: labels(resource) for resource in values(planned, f"docker_{kind}")
        }
        assert planned_labels == {entry["name"]: entry["labels"] for entry in entries.values()}


def test_secrets_are_mounted_not_passed(planned: list[dict[str, Any]]) -> None:
    names = [
        pair.split("=")[0] for c in values(planned, "docker_container") for pair in environment(c)
    ]
    assert names
    assert not [name for name in names if "PASSWORD" in name or "TOKEN" in name]
