"""A folder of this machine with the providers that a Terraform root has locked, if there is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from cli.host.paths import ROOT

_REGISTRY = "registry.terraform.io"
_PLACES = ("/opt", "/usr/local", "/usr/share", "/var/lib", "~")


def init_options(root: str) -> list[str]:
    """Options of `terraform init` in infra/<root>: a mirror with all of its providers, or none for
    the registry. The lock file's hashes are checked in both cases, so any mirror will do."""
    lock = (ROOT / "infra" / root / ".terraform.lock.hcl").read_text()
    locked = re.findall(rf'provider "{_REGISTRY}/([^"]+)" {{\s+version\s+= "([^"]+)"', lock)
    for mirror in _mirrors():
        if all((mirror / _REGISTRY / name / version).is_dir() for name, version in locked):
            return [f"-plugin-dir={mirror}"]
    return []


def _mirrors() -> Iterator[Path]:
    """Folders with a subfolder that is named as the registry."""
    for place in _PLACES:
        for pattern in (_REGISTRY, f"*/{_REGISTRY}", f"*/*/{_REGISTRY}"):
            yield from (folder.parent for folder in sorted(Path(place).expanduser().glob(pattern)))
