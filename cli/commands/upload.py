"""Put images and the engine's packages for the machines on AWS into the artifacts bucket.

Existing objects are not sent again. Images that are missing on this machine are built first. Debian
does not have the package of AWS's agent (amazon-ssm-agent.deb). Without it machines become ready
too, but neither a shell nor a port forward reaches them.
"""

from __future__ import annotations

import hashlib
import shlex
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from cli.host import aws_cli, output
from cli.host.errors import CliError, SettingError
from cli.host.options import text
from cli.host.output import progress, stage
from cli.host.paths import ROOT
from cli.host.process import capture, stream
from cli.installations import aws, versions

SUMMARY = "Put images and the engine's packages into the bucket of infra/aws"
# The packages, sent with the dependencies that Debian 13's minimal system lacks.
PACKAGES = ("docker.io", "docker-cli", "docker-compose")
PACKAGES_KEY = "packages/engine.tar"
VERSIONS_KEY = "versions.json"
SUITE = "trixie"
FETCH = """
exec 3>&1 >&2
apt-get update -qq
apt-get install -y -qq --no-install-recommends --download-only "$@"
cd /var/cache/apt/archives
[ ! -e /agent.deb ] || cp /agent.deb amazon-ssm-agent.deb
tar c ./*.deb >&3
"""


@dataclass(frozen=True)
class Options:
    ssm_agent: str = text("", "path of amazon-ssm-agent.deb")


def run(options: Options) -> int:
    began = time.monotonic()
    bucket = aws.output("bucket")
    check_versions(bucket)
    images = {image_key(tag): tag for tag in sorted(aws.output("images").values())}
    present = aws_cli.list_keys(bucket, "images/")
    missing = {key: tag for key, tag in images.items() if key not in present}
    # first, because every machine needs it first
    sent = [PACKAGES_KEY] if send_packages(bucket, options.ssm_agent) else []
    record_versions(bucket)
    if missing:
        names = [tag.partition(":")[0].partition("/")[2] for tag in missing.values()]
        stream(["docker/build.sh", *names], remedy="see the lines above; then make upload again")
    for number, (key, tag) in enumerate(missing.items(), 1):
        with stage(f"image {number} of {len(missing)}: {tag}"):
            send(f"docker save {tag} | gzip -1", bucket, key)
        sent.append(key)
    took = round(time.monotonic() - began, 1)
    output.emit(
        {"ok": True, "bucket": bucket, "objects": len(images) + 1, "sent": sent, "took_s": took},
        f"{len(sent)} of {len(images) + 1} objects sent to {bucket} in {took} s",
    )
    return 0


def recorded_versions(bucket: str) -> str:
    """Those of the release that was uploaded before; "" before the first upload."""
    if VERSIONS_KEY not in aws_cli.list_keys(bucket, VERSIONS_KEY):
        return ""
    return aws_cli.aws("s3", "cp", f"s3://{bucket}/{VERSIONS_KEY}", "-")


def check_versions(bucket: str) -> None:
    """Raises CliError if this checkout cannot read the data of the release before it."""
    if recorded := recorded_versions(bucket):
        versions.compare(recorded, versions.current(), f"the installation of bucket {bucket}")


def record_versions(bucket: str) -> None:
    """Before the first image, because a machine starts an image as soon as it is there."""
    content = versions.current().to_json()
    if recorded_versions(bucket) != content:
        url = f"s3://{bucket}/{VERSIONS_KEY}"
        aws_cli.aws("s3", "cp", "-", url, content=content.encode())


def image_key(tag: str) -> str:
    """The key at which riada-node finds an image."""
    return f"images/{tag.replace('/', '-').replace(':', '-')}.tar.gz"


def send(script: str, bucket: str, key: str, made_of: str = "") -> None:
    """Send the output of a script. It is written to disk first, so that incomplete output is not
    sent."""
    with tempfile.NamedTemporaryFile(dir=ROOT / ".riada", prefix="upload-") as file:
        command = ["bash", "-euo", "pipefail", "-c", script]
        done = subprocess.run(command, cwd=ROOT, stdout=file, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            message = done.stderr.strip()[-2000:]
            raise CliError(f"{key} cannot be made: {message}", "make upload again")
        metadata = ("--metadata", f"made-of={made_of}") if made_of else ()
        aws_cli.aws("s3", "cp", "--no-progress", file.name, f"s3://{bucket}/{key}", *metadata)


def send_packages(bucket: str, agent: str) -> bool:
    """Send the packages unless the bucket has packages of the same recipe; true if they were sent.

    `agent` is the path of AWS's agent, or empty.
    """
    recipe = hashlib.sha256(f"{SUITE} {PACKAGES} {FETCH}".encode())
    if agent:
        if not Path(agent).is_file():
            remedy = "download AWS's package: docs/aws.md"
            raise SettingError(f"SSM_AGENT must be a file, got {agent}", remedy)
        recipe.update(Path(agent).read_bytes())
    else:
        progress("NOTE: without SSM_AGENT no shell and no port forward reaches the machines")
    made_of = recipe.hexdigest()
    if aws_cli.list_keys(bucket, PACKAGES_KEY) and made_of == aws_cli.object_metadata(
        bucket, PACKAGES_KEY, "made-of"
    ):
        return False
    capture(["docker/debian.sh", SUITE])
    mount = f"-v {shlex.quote(str(Path(agent).resolve()))}:/agent.deb:ro" if agent else ""
    container = f"docker run --rm {mount} debian:{SUITE}-slim bash -euc {shlex.quote(FETCH)}"
    with stage(f"packages: {', '.join(PACKAGES)} and their dependencies"):
        send(f"{container} fetch {' '.join(PACKAGES)}", bucket, PACKAGES_KEY, made_of)
    return True
