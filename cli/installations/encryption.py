"""The certificates of an installation."""

from __future__ import annotations

from cli.host.output import progress
from cli.host.paths import ROOT
from cli.host.process import capture
from cli.installations.containers import kind
from cli.installations.local import Installation
from contract.stores.tls import CA

_PREFIX = "tls-"


def is_certificate(name: str) -> bool:
    """Is this file of the secrets one of infra/certificates.sh, and no password?"""
    return name in (CA, f"{CA}-key") or name.startswith(_PREFIX)


def renew(installation: Installation) -> None:
    """Replace the certificates that expire soon. Their services take the new ones into use while
    they run. Before the first start there are none."""
    if not installation.secrets.is_dir():
        return
    renewed = capture(["infra/certificates.sh", "renew", str(installation.secrets)])
    for name in renewed.split():
        progress(f"certificate renewed: {name}")


def upgraded(installation: Installation) -> list[str]:
    """The services with certificates whose images have the program `encryption`, e.g.
    ["cassandra-1", "postgres"]: they accept clear text of a release without TLS until it ends."""
    files = installation.secrets.glob(f"{_PREFIX}*")
    names = sorted(file.name.removeprefix(_PREFIX) for file in files)
    return [name for name in names if (ROOT / "docker" / kind(name) / "encryption").exists()]
