"""The disk: is there room for the data of all components, and which of them takes the most?"""

from __future__ import annotations

import shutil
from collections.abc import Mapping

from contract.errors import UnreachableError
from contract.health.details.disk import FILLING, FULL, DiskDetails
from contract.health.result import ProbeResult
from control_center.clients.clients import Clients
from control_center.health.outcome import Outcome

OUTCOME = Outcome("disk", "control-center")
# The number of components that a warning names.
NAMED = 3
USED = f"topk({NAMED}, riada:data_bytes)"
GIB = 1 << 30
REMEDY = (
    "docker system df shows what else does; docs/operations.md has the limit of each component "
    "and how to lower it"
)


def probe(clients: Clients) -> ProbeResult:
    try:
        disk = shutil.disk_usage(clients.settings.artifacts)
    except OSError as error:
        return OUTCOME.warn(f"the artifacts cannot be read ({error.strerror})")
    details = DiskDetails(disk.free, disk.total)
    # On AWS each service has a machine, and a domain in its address. There each machine's volume
    # has an alarm of its own (infra/aws/monitoring.tf); this disk is the Control Center's alone.
    shared = "." not in clients.settings.postgres_host
    used = used_bytes(clients) if shared and details.free_share < FILLING else {}
    return evaluate(DiskDetails(disk.free, disk.total, used))


def used_bytes(clients: Clients) -> dict[str, int]:
    """Component → bytes, the largest first; {} if Prometheus does not answer."""
    try:
        samples = clients.prometheus.now(USED)
    except UnreachableError:
        return {}
    used = {labels["component"]: int(value) for labels, value in samples}
    return dict(sorted(used.items(), key=lambda item: -item[1]))


def evaluate(details: DiskDetails) -> ProbeResult:
    if details.free_share >= FILLING:
        return OUTCOME.ok("the disk has room", details)
    summary = f"{details.free_share:.1%} of the disk is free{named(details.used)}. {REMEDY}"
    largest = next(iter(details.used), "")
    if details.free_share < FULL:
        return OUTCOME.fail(summary, details, largest)
    return OUTCOME.warn(summary, details, largest)


def named(used: Mapping[str, int]) -> str:
    """ ": kafka-1 takes 2.0 GiB, postgres takes 1.0 GiB", or ""."""
    takes = ", ".join(f"{name} takes {size / GIB:.1f} GiB" for name, size in used.items())
    return f": {takes}" if takes else ""
