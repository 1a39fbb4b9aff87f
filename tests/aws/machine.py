"""A container that runs the files of an instance's user-data.

Real: riada-node, its calls to S3, Secrets Manager and CloudWatch, and the files that it writes.
Replaced: the engine, systemd, the metadata service, which requires a token, and sysfs, which shows
the disk, a loop device.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import yaml

from cli.host import docker
from tests.harness.wait import eventually

METADATA = """
import http.server, json
class Metadata(http.server.BaseHTTPRequestHandler):
    def do_PUT(self):
        self.answer("token")
    def do_GET(self):
        if self.headers["X-aws-ec2-metadata-token"] != "token":
            return self.send_error(401)
        keys = {"AccessKeyId": "test", "SecretAccessKey": "test", "Token": "session"}
        self.answer("role" if self.path.endswith("security-credentials/") else json.dumps(keys))
    def answer(self, text):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())
http.server.HTTPServer(("127.0.0.1", 1338), Metadata).serve_forever()
"""

STUBS = {
    "dockerd": "exit 0",
    "systemctl": "exit 0",
    "docker": """
        case "$1 $2" in
            'image inspect') [[ -e /run/loaded ]] ;;
            'load --quiet') grep -q 'an image' || { echo 'no archive' >&2; exit 1; }
                touch /run/loaded ;;
            'ps -a') echo 'riada-connect (Up 1 second (healthy))' ;;
        esac
    """,
}


LOOP = """
read -r loop _ < <(losetup --find) # "(lost)" behind it: this container lacks its node
[[ -e $loop ]] || mknod "$loop" b 7 "${loop#/dev/loop}"
losetup "$loop" /disk
ln -s "$loop" /dev/disk
echo "$loop"
"""


class Machine:
    """Shares the network of LocalStack and uses its image: Debian 13 with Python."""

    loop = ""

    def __init__(
        self, name: str, beside: str, user_data: str, disk: tuple[Path, str] | None = None
    ) -> None:
        """`disk`: the file behind it, and its serial."""
        self.name = name
        image = docker.ask("inspect", "--format", "{{.Config.Image}}", beside).strip()
        shape = ("--user", "0", "--network", f"container:{beside}", "--tmpfs", "/run")
        attached = self._attached(*disk) if disk else []
        docker.ask(
            "run",
            "-d",
            "--name",
            name,
            *shape,
            *attached,
            "--entrypoint",
            "sleep",
            image,
            "infinity",
        )
        for command, script in STUBS.items():
            self.replace(command, script)
        cloud: dict[str, Any] = yaml.safe_load(user_data)
        for file in cloud["write_files"]:
            self._put(file["path"], file["content"], file.get("permissions", "0644"))
        docker.ask("exec", "-d", name, "python3", "-c", METADATA)
        probe = ("bash", "-c", "</dev/tcp/127.0.0.1/1338")
        eventually(
            lambda: self.run(*probe).returncode == 0, "the metadata service answers", 30, 0.1
        )
        if disk:
            self.loop = docker.ask("exec", name, "bash", "-euc", LOOP).strip()

    @staticmethod
    def _attached(file: Path, serial: str) -> list[str]:
        """Options for a container that can make a loop device of the file and mount it."""
        sysfs = file.with_suffix(".sys")
        (sysfs / "disk").mkdir(parents=True, exist_ok=True)
        (sysfs / "disk/serial").write_text(f"{serial}\n")
        return [
            *("--cap-add", "SYS_ADMIN", "--security-opt", "apparmor=unconfined"),
            *("--device", "/dev/loop-control", "--device-cgroup-rule", "b 7:* rwm"),
            *("-v", f"{file}:/disk", "-v", f"{sysfs}:/sys/block:ro"),
        ]

    def replace(self, command: str, script: str) -> None:
        """A script of bash in place of a command."""
        self._put(f"/usr/local/sbin/{command}", f"#!/bin/bash\n{script}", "0755")

    def _put(self, path: str, content: str, mode: str) -> None:
        script = 'mkdir -p "$(dirname "$1")" && cat >"$1" && chmod "$2" "$1"'
        command = [docker.docker(), "exec", "-i", self.name, "sh", "-c", script, "put", path, mode]
        subprocess.run(command, input=content, text=True, check=True)

    def run(self, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
        settings |= {
            "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1338",
            "FOLLOW_S": "0",
        }
        given = [part for name, value in settings.items() for part in ("-e", f"{name}={value}")]
        return subprocess.run(
            [docker.docker(), "exec", *given, self.name, *command], capture_output=True, text=True
        )

    def remove(self) -> None:
        if self.name not in docker.lines("ps", "-a", "--format", "{{.Names}}"):
            return
        self.run("umount", "/var/lib/docker/volumes")
        if self.loop:
            self.run("losetup", "--detach", self.loop)
        docker.remove("container", self.name)
