"""A smaller size than the running one is refused, because the nodes that it leaves out hold data.

Terraform would remove their volumes. infra/local/data_nodes.tf and infra/aws/data_nodes.tf refuse
it for who runs Terraform without this command.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from cli.host import docker
from cli.host.errors import SettingError
from cli.installations.local import Installation

# Kind of node with a volume of its own → the setting of its number.
SETTINGS = {"kafka": "BROKERS", "zookeeper": "ZOOKEEPERS", "cassandra": "CASSANDRA_NODES"}
# The numbers that infra/modules accepts.
SIZES = {"kafka": (1, 3), "zookeeper": (1, 3, 5), "cassandra": (1, *range(3, 13))}
_NODE = re.compile(rf"({'|'.join(SETTINGS)})-([0-9]+)")
REMEDY = 'docs/operations.md, "Fewer nodes", has the steps that lose nothing'


def check(installation: Installation) -> None:
    """Raises SettingError if a volume belongs to a node that the settings leave out. Forgets the
    nodes of infra/local/data_nodes.tf whose volume an operator has removed."""
    prefix = f"{installation.project}-"
    volumes = docker.named("volume", installation.project)
    nodes = {name.removeprefix(prefix) for name in volumes if name.startswith(prefix)}
    sizes = {kind: installation.number(setting, 1) for kind, setting in SETTINGS.items()}
    refuse(left_out(nodes, sizes), sizes, installation.project)
    for file in (installation.folder / "data-nodes").glob("*"):
        if file.name not in nodes:
            file.unlink()


def left_out(nodes: Iterable[str], sizes: Mapping[str, int]) -> dict[str, list[int]]:
    """Kind → numbers of its nodes above the size. `nodes`: such as kafka-3; names of other services
    are ignored."""
    surplus: dict[str, list[int]] = {}
    for name in nodes:
        if (match := _NODE.fullmatch(name)) and int(match[2]) > sizes[match[1]]:
            surplus.setdefault(match[1], []).append(int(match[2]))
    return {kind: sorted(numbers) for kind, numbers in sorted(surplus.items())}


def refuse(surplus: Mapping[str, list[int]], sizes: Mapping[str, int], project: str) -> None:
    """Raises SettingError if there are nodes in `surplus`. `sizes`: kind → the refused number."""
    for kind, numbers in surplus.items():
        names = [f"{kind}-{number}" for number in numbers]
        kept = next((size for size in SIZES[kind] if size >= numbers[-1]), SIZES[kind][-1])
        raise SettingError(
            f"{SETTINGS[kind]}={sizes[kind]} leaves out {' and '.join(names)} of project "
            f"{project}, which hold data; nothing was changed",
            f"keep {SETTINGS[kind]}={kept}; {REMEDY}",
        )
