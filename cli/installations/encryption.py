"""The certificates of an installation."""

from __future__ import annotations

from cli.host.output import progress
from cli.host.process import capture
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


def services(installation: Installation) -> list[str]:
    """The services that serve by TLS, e.g. ["cassandra-1", "postgres"]."""
    files = installation.secrets.glob(f"{_PREFIX}*")
    return sorted(file.name.removeprefix(_PREFIX) for file in files)
