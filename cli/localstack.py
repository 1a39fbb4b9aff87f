"""Start or stop LocalStack, an AWS account on this machine: it costs nothing, forgets everything.

It listens on 127.0.0.1 alone, at LOCALSTACK_PORT (4566). Its EC2 machines only pretend to run.
"""

from __future__ import annotations

import argparse
import os
import time

from cli import engine, output, setup
from cli.output import Fault, progress
from cli.process import capture

NAME = "riada-localstack"
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
    if name in engine.lines("ps", "--format", "{{.Names}}"):
        return
    image = capture(["localstack/build.sh"]).strip()
    stop(name)
    hardened = ("--cap-drop", "ALL", "--security-opt", "no-new-privileges")
    engine.ask("run", "-d", "--name", name, "-p", f"127.0.0.1:{port}:4566", *hardened, image)
    deadline = time.monotonic() + _READY_LIMIT_S
    while _health(name) != "healthy":
        if time.monotonic() > deadline:
            raise Fault(f"{name} is not ready after {_READY_LIMIT_S} s", engine.tail(name))
        time.sleep(0.5)


def stop(name: str = NAME) -> None:
    """Remove it and all that the account held."""
    if name in engine.lines("ps", "-a", "--format", "{{.Names}}"):
        engine.ask("rm", "-f", "-v", name)


def _health(name: str) -> str:
    return engine.ask("inspect", "--format", "{{.State.Health.Status}}", name).strip()


def main() -> None:
    parser = argparse.ArgumentParser(prog="make localstack", description=__doc__)
    parser.add_argument("action", choices=("start", "stop"))
    action = parser.parse_args().action
    port = int(os.environ.get("LOCALSTACK_PORT") or 4566)
    if action == "stop":
        stop()
        return output.emit({"ok": True}, "LocalStack and all that its account held are gone")
    setup.ensure()
    progress("starting LocalStack; its image takes about 5 min to build when it is missing")
    start(port)
    settings = environment(port)
    said = [f"export {name}={value}" for name, value in settings.items()]
    said += ["", "with these, terraform -chdir=infra/aws … acts on LocalStack: docs/aws.md"]
    return output.emit({"ok": True, "environment": settings}, "\n".join(said))


if __name__ == "__main__":
    output.run(main)
