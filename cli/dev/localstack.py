"""LocalStack, an AWS account on this machine, and the machines behind its instances.

It listens on 127.0.0.1 alone. Its EC2 machines do not really run until a runner boots a machine for
each, as long as LocalStack lists it: localstack/machines.
"""

from __future__ import annotations

from cli.host import docker
from cli.host.errors import CliError
from cli.host.poll import poll_until
from cli.host.process import capture

NAME = "riada-localstack"
REGION = "eu-central-1"
# machine: a container; uml: User-Mode Linux, with a kernel of its own.
MACHINE_KINDS = ("machine", "uml")
_READY_LIMIT_S = 90


def environment(port: int) -> dict[str, str]:
    """The variables that make Terraform's AWS provider, boto3 and the AWS CLI use LocalStack."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "3",
    }


def start(port: int, name: str = NAME) -> None:
    """Starts LocalStack unless it runs already; returns once it answers."""
    if name in docker.lines("ps", "--format", "{{.Names}}"):
        return
    image = capture(["localstack/build.sh"]).strip()
    stop(name)
    hardened = ("--cap-drop", "ALL", "--security-opt", "no-new-privileges")
    docker.ask("run", "-d", "--name", name, "-p", f"127.0.0.1:{port}:4566", *hardened, image)
    if not poll_until(lambda: health(name) == "healthy" or None, _READY_LIMIT_S, interval_s=0.5):
        log = docker.tail(name)
        raise CliError(
            f"not ready after {_READY_LIMIT_S} s\n{log}", "make stop-localstack, try again", name
        )


def start_machines(name: str = NAME, kind: str = "machine") -> None:
    """Boot a machine of a kind for each instance of this LocalStack, now and from now on.

    The runner shares LocalStack's network and acts as root through the engine's socket.
    """
    if name not in docker.lines("ps", "--format", "{{.Names}}"):
        raise CliError("does not run", "make localstack", name)
    machine = capture(["localstack/build.sh", kind]).strip()
    _remove(runner(name))
    settings = environment(4566) | {"AWS_DEFAULT_REGION": REGION, "MACHINE": machine}
    settings["KIND"] = kind
    docker.ask(
        *("run", "-d", "--init", "--name", runner(name), "--network", f"container:{name}"),
        *("--cap-add", "NET_ADMIN"),
        *("--health-cmd", "find /run/compared -mmin -2 | grep -q compared"),
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


def stop(name: str = NAME) -> None:
    """Remove LocalStack, its machines and its data, as far as they exist."""
    _remove(runner(name))
    if f"{name}-disks" in docker.lines("volume", "ls", "--format", "{{.Name}}"):
        docker.ask("run", "--rm", "--network", "none", *_machines(name, "clear"))
        docker.remove("volume", f"{name}-disks")
    _remove(name)


def _remove(name: str) -> None:
    if name in docker.lines("ps", "-a", "--format", "{{.Names}}"):
        docker.remove("container", name)


def health(name: str) -> str:
    """The engine's state of health of a container, such as healthy."""
    return docker.ask("inspect", "--format", "{{.State.Health.Status}}", name).strip()
