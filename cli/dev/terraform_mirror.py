"""Where Terraform finds the providers that a root has locked, if this machine has them on disk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from cli.host.paths import ROOT

_REGISTRY = "registry.terraform.io"
_PLACES = ("/opt", "/usr/local", "/usr/share", "/var/lib", "~")


def init_options(root: str) -> list[str]:
    """For `terraform init` in infra/<root>: a mirror that has all of them, else the registry.

    The lock file's hashes hold for both, so it does not matter who put the mirror there.
    """
    lock = (ROOT / "infra" / root / ".terraform.lock.hcl").read_text()
    locked = re.findall(rf'provider "{_REGISTRY}/([^"]+)" {{\s+version\s+= "([^"]+)"', lock)
    for mirror in _mirrors():
        if all((mirror / _REGISTRY / name / version).is_dir() for name, version in locked):
            return [f"-plugin-dir={mirror}"]
    return []


def _mirrors() -> Iterator[Path]:
    """Folders that hold one named as the registry."""
    for place in _PLACES:
        for pattern in (_REGISTRY, f"*/{_REGISTRY}", f"*/*/{_REGISTRY}"):
            yield from (found.parent for found in sorted(Path(place).expanduser().glob(pattern)))
