"""Start or stop LocalStack, an AWS account on this machine: it costs nothing, forgets everything.

It listens on 127.0.0.1 alone, at LOCALSTACK_PORT (4566). Its EC2 machines only pretend to run,
until `make machines` boots one for each, as long as LocalStack lists it: localstack/machines. With
KIND=uml each has a kernel of its own, User-Mode Linux, and takes several times as long.
LOCALSTACK names another than riada-localstack, such as that of a test run that was lost.
"""

from __future__ import annotations

import argparse
import os
import time

from cli.host import docker, output
from cli.host.output import Fault, progress
from cli.host.process import capture
from cli.installations import setup

NAME = "riada-localstack"
REGION = "eu-central-1"
_READY_LIMIT_S = 90


def environment(port: int) -> dict[str, str]:
    """What makes Terraform's AWS provider, boto3 and the AWS CLI talk to LocalStack."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "3",
    }


def start(port: int, name: str = NAME) -> None:
    """Leave with a LocalStack that answers; one that runs already is left alone."""
    if name in docker.lines("ps", "--format", "{{.Names}}"):
        return
    image = capture(["localstack/build.sh"]).strip()
    stop(name)
    hardened = ("--cap-drop", "ALL", "--security-opt", "no-new-privileges")
    docker.ask("run", "-d", "--name", name, "-p", f"127.0.0.1:{port}:4566", *hardened, image)
    deadline = time.monotonic() + _READY_LIMIT_S
    while _health(name) != "healthy":
        if time.monotonic() > deadline:
            raise Fault(f"{name} is not ready after {_READY_LIMIT_S} s", docker.tail(name))
        time.sleep(0.5)


def start_machines(name: str = NAME, kind: str = "machine") -> None:
    """Boot a machine for each instance of this LocalStack, now and from now on.

    `kind`: machine, which is a container, or uml, which has a kernel of its own.

    The runner shares LocalStack's network and acts as root through the engine's socket.
    """
    if name not in docker.lines("ps", "--format", "{{.Names}}"):
        raise Fault(f"{name} does not run", "make localstack")
    machine = capture(["localstack/build.sh", kind]).strip()
    _remove(runner(name))
    settings = environment(4566) | {"AWS_DEFAULT_REGION": REGION, "MACHINE": machine}
    settings["KIND"] = kind
    docker.ask(
        *("run", "-d", "--init", "--name", runner(name), "--network", f"container:{name}"),
        *("--cap-add", "NET_ADMIN"),
        *("--health-cmd", "find /run/looked -mmin -2 | grep -q looked"),
        *("--health-interval", "5s", "--health-start-period", "120s"),
        *(part for pair in settings.items() for part in ("-e", "=".join(pair))),
        *_machines(name),
    )


def _machines(name: str, *arguments: str) -> list[str]:
    """Options, image and command of a container that acts on machines and their disks."""
    return [
        *("--user", "0", "--cap-add", "SYS_ADMIN", "--security-opt", "apparmor=unconfined"),
        *("--device", "/dev/loop-control", "--device-cgroup-rule", "b 7:* rwm"),
        *("-v", f"{name}-disks:/disks", "-v", "/var/run/docker.sock:/var/run/docker.sock"),
        *("-e", f"LOCALSTACK={name}", "-e", "PYTHONPATH=/opt/localstack"),
        *("--entrypoint", "/opt/venv/bin/python", capture(["localstack/build.sh"]).strip()),
        *("-m", "machines", *arguments),
    ]


def runner(name: str) -> str:
    """The container that boots the machines of a LocalStack."""
    return f"{name}-machines"


def hindered(name: str) -> str:
    """What keeps the runner from its work; "" while nothing does."""
    return docker.tail(runner(name)) if _health(runner(name)) == "unhealthy" else ""


def stop(name: str = NAME) -> None:
    """Remove it, its machines, and all that the account held, whatever of it still runs."""
    _remove(runner(name))
    if f"{name}-disks" in docker.lines("volume", "ls", "--format", "{{.Name}}"):
        docker.ask("run", "--rm", "--network", "none", *_machines(name, "clear"))
        docker.remove("volume", f"{name}-disks")
    _remove(name)


def _remove(name: str) -> None:
    if name in docker.lines("ps", "-a", "--format", "{{.Names}}"):
        docker.remove("container", name)


def _health(name: str) -> str:
    return docker.ask("inspect", "--format", "{{.State.Health.Status}}", name).strip()


def main() -> None:
    parser = argparse.ArgumentParser(prog="make localstack", description=__doc__)
    parser.add_argument("action", choices=("start", "stop", "machines"))
    action = parser.parse_args().action
    port = int(os.environ.get("LOCALSTACK_PORT") or 4566)
    name = os.environ.get("LOCALSTACK") or NAME
    if action == "stop":
        stop(name)
        return output.emit({"ok": True}, "LocalStack and all that its account held are gone")
    setup.ensure()
    if action == "machines":
        progress("starting machines; their image takes about 1 min to build when it is missing")
        if (kind := os.environ.get("KIND") or "machine") not in ("machine", "uml"):
            raise Fault(f"KIND={kind} is neither machine nor uml", "make machines KIND=uml")
        start_machines(name, kind)
        return output.emit(
            {"ok": True, "runner": runner(name)},
            f"a machine boots for each instance; docker logs {runner(name)} tells what fails",
        )
    progress("starting LocalStack; its image takes about 5 min to build when it is missing")
    start(port, name)
    settings = environment(port)
    said = [f"export {name}={value}" for name, value in settings.items()]
    said += ["", "with these, terraform -chdir=infra/aws … acts on LocalStack: docs/aws.md"]
    return output.emit({"ok": True, "environment": settings}, "\n".join(said))
