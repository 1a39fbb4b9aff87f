"""Programs that commands need: whether they are installed and new enough."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from cli.host import docker
from cli.host.errors import CliError
from cli.host.machine import line_endings
from cli.host.machine.check import Check, CheckState, required
from cli.host.process import capture

TERRAFORM = (1, 10)
_PACKAGES = {"flock": "util-linux", "sha256sum": "coreutils"}


def can_install() -> bool:
    """Whether this user may install Debian packages, as root or by sudo."""
    return shutil.which("apt-get") is not None and (os.geteuid() == 0 or bool(shutil.which("sudo")))


def check_system() -> Check:
    if sys.platform != "linux":
        remedy = "use a virtual machine with Ubuntu, on Windows WSL 2 (README.md)"
        return Check("system", CheckState.FAIL, sys.platform, "Linux", remedy)
    try:
        text = Path("/etc/os-release").read_text()
    except FileNotFoundError:
        text = ""
    values = dict(line.partition("=")[::2] for line in text.splitlines())
    name = values.get("PRETTY_NAME", "unknown").strip('"')
    supported = shutil.which("apt-get") is not None
    return Check(
        "system",
        CheckState.PASS if supported else CheckState.WARN,
        f"{name}, {os.uname().machine}",
        "Debian or Ubuntu, or the tools below",
        "" if supported else "make up cannot install packages here: install the tools yourself",
    )


def check_python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return required("python3", sys.version_info >= (3, 10), version, "3.10", "upgrade Python")


def check_tools() -> Iterator[Check]:
    for tool in ("bash", "curl", "flock", "openssl", "sha256sum", "make"):
        path = shutil.which(tool)
        remedy = f"apt-get install {_PACKAGES.get(tool, tool)}"
        yield required(tool, bool(path), path or "missing", "any", remedy)


def check_line_endings() -> Check:
    paths = line_endings.crlf()
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    measured = f"CRLF in {paths[0]}{more}" if paths else "LF"
    remedy = f"git checkout keeps LF; or: sed -i 's/\\r$//' {' '.join(paths[:3])}"
    return required("line endings", not paths, measured, "LF", remedy)


def check_terraform() -> Check:
    """Debian has no package of Terraform, so `make up` cannot install it."""
    requirement = f"{TERRAFORM[0]}.{TERRAFORM[1]}"
    remedy = f"install Terraform ≥ {requirement}: https://developer.hashicorp.com/terraform/install"
    if shutil.which("terraform") is None:
        return Check("terraform", CheckState.FAIL, "missing", requirement, remedy)
    version = json.loads(capture(["terraform", "version", "-json"]))["terraform_version"]
    numbers = tuple(int(part) for part in version.split("-")[0].split(".")[:2])
    return required("terraform", numbers >= TERRAFORM, version, requirement, remedy)


def check_compose() -> Check:
    try:
        command = docker.compose()
    except CliError:
        state = CheckState.WARN if can_install() else CheckState.FAIL
        return Check("compose", state, "missing", "1.29", docker.INSTALL)
    version = capture([*command, "version", "--short"]).strip()
    return Check("compose", CheckState.PASS, version, "1.29")
