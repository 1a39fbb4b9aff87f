"""Put what machines on AWS run into the artifacts bucket: images, and the engine's packages.

What is there is not sent again. Images that are missing here are built first. SSM_AGENT names the
package of AWS's agent (amazon-ssm-agent.deb), which Debian does not have: without it machines get
ready all the same, but neither shell nor port forward reaches them.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shlex
import subprocess
import tempfile
import time
from pathlib import Path

from cli.host import output
from cli.host.output import Fault, progress, stage
from cli.host.paths import ROOT
from cli.host.process import capture, stream
from cli.installations import aws

PACKAGES = ("docker.io", "docker-cli", "docker-compose")
"""With all that they depend on and Debian 13's minimal system lacks."""
PACKAGES_KEY = "packages/engine.tar"
SUITE = "trixie"
FETCH = """
exec 3>&1 >&2
apt-get update -qq
apt-get install -y -qq --no-install-recommends --download-only "$@"
cd /var/cache/apt/archives
[ ! -e /agent.deb ] || cp /agent.deb amazon-ssm-agent.deb
tar c ./*.deb >&3
"""


def main() -> None:
    argparse.ArgumentParser(prog="make upload", description=__doc__).parse_args()
    began = time.monotonic()
    bucket = aws.output("bucket")
    images = {image_key(tag): tag for tag in sorted(aws.output("images").values())}
    there = aws.listed(bucket, "images/")
    missing = {key: tag for key, tag in images.items() if key not in there}
    # first, as every machine begins with it
    sent = [PACKAGES_KEY] if send_packages(bucket) else []
    if missing:
        names = [tag.partition(":")[0].partition("/")[2] for tag in missing.values()]
        stream(["docker/build.sh", *names], remedy="the lines above tell; then make upload again")
    for number, (key, tag) in enumerate(missing.items(), 1):
        with stage(f"image {number} of {len(missing)}: {tag}"):
            send(f"docker save {tag} | gzip -1", bucket, key)
        sent.append(key)
    took = round(time.monotonic() - began, 1)
    output.emit(
        {"ok": True, "bucket": bucket, "objects": len(images) + 1, "sent": sent, "took_s": took},
        f"{len(sent)} of {len(images) + 1} objects sent to {bucket} in {took} s",
    )


def image_key(tag: str) -> str:
    """As riada-node asks for it."""
    return f"images/{tag.replace('/', '-').replace(':', '-')}.tar.gz"


def send(script: str, bucket: str, key: str, made_of: str = "") -> None:
    """What the script prints, all of it or nothing: it lies on disk before it is sent."""
    with tempfile.NamedTemporaryFile(dir=ROOT / ".riada", prefix="upload-") as file:
        command = ["bash", "-euo", "pipefail", "-c", script]
        done = subprocess.run(command, cwd=ROOT, stdout=file, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            raise Fault(f"{key} cannot be made: {done.stderr.strip()[-2000:]}", "make upload again")
        metadata = ("--metadata", f"made-of={made_of}") if made_of else ()
        aws.ask("s3", "cp", "--no-progress", file.name, f"s3://{bucket}/{key}", *metadata)


def send_packages(bucket: str) -> bool:
    """Again when they are made of something else than those there; true if they were sent."""
    agent = os.environ.get("SSM_AGENT", "")
    recipe = hashlib.sha256(f"{SUITE} {PACKAGES} {FETCH}".encode())
    if agent:
        if not Path(agent).is_file():
            raise Fault(f"SSM_AGENT={agent} is no file", "name AWS's amazon-ssm-agent.deb")
        recipe.update(Path(agent).read_bytes())
    else:
        progress("NOTE: without SSM_AGENT no shell and no port forward reaches the machines")
    made_of = recipe.hexdigest()
    if aws.listed(bucket, PACKAGES_KEY) and made_of == aws.metadata(
        bucket, PACKAGES_KEY, "made-of"
    ):
        return False
    capture(["docker/debian.sh", SUITE])
    mount = f"-v {shlex.quote(str(Path(agent).resolve()))}:/agent.deb:ro" if agent else ""
    container = f"docker run --rm {mount} debian:{SUITE}-slim bash -euc {shlex.quote(FETCH)}"
    with stage(f"packages: {', '.join(PACKAGES)} and what they need"):
        send(f"{container} fetch {' '.join(PACKAGES)}", bucket, PACKAGES_KEY, made_of)
    return True
