"""The container engine: installed once from the packages in the bucket."""

from __future__ import annotations

import os
import shutil
import tarfile
from pathlib import Path

from node.commands import last_line, run
from node.errors import AwsError, NotReadyError
from node.report import Reporter
from node.steps.bucket import Bucket

KEY = "packages/engine.tar"
UNIT = Path("/etc/systemd/system/docker.service")


def install_engine(folder: Path, bucket: Bucket, bucket_name: str, reporter: Reporter) -> None:
    """Install the engine unless it is installed. `folder` is for temporary files.

    The engine must start only after the data volume is mounted and the secrets are written. So it
    neither starts while it is installed (its unit is masked) nor at boot.
    """
    if shutil.which("dockerd"):
        return
    reporter.report("installing the engine")
    packages = folder / "packages"
    shutil.rmtree(packages, ignore_errors=True)
    packages.mkdir()
    fetch_packages(packages, bucket, bucket_name)
    UNIT.unlink(missing_ok=True)
    UNIT.symlink_to("/dev/null")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    done = run("dpkg", "--install", *sorted(map(str, packages.glob("*.deb"))))
    (folder / "dpkg.log").write_text(done.stdout)
    if done.returncode:
        raise NotReadyError(f"dpkg: {last_line(done.stdout)}")
    shutil.rmtree(packages)
    UNIT.unlink()
    run("systemctl", "daemon-reload")
    run("systemctl", "disable", "--now", "docker.socket", "docker.service")


def fetch_packages(packages: Path, bucket: Bucket, bucket_name: str) -> None:
    """Unpack the archive of packages into the folder. Raises NotReadyError."""
    try:
        with bucket.open(KEY) as content, tarfile.open(fileobj=content, mode="r|") as tar:
            # Python before 3.10.12 and 3.11.4 lacks the filter, which refuses paths that leave the
            # folder.
            tar.extraction_filter = getattr(tarfile, "data_filter", None)
            tar.extractall(packages)
    except AwsError as error:
        if error.refused:
            raise NotReadyError(
                f"no {KEY} in {bucket_name} yet: docs/aws.md describes make upload"
            ) from error
        raise NotReadyError(f"{KEY} cannot be downloaded: {error.cause}") from error
    except tarfile.TarError as error:
        raise NotReadyError(f"{KEY} cannot be unpacked: {error}. Run make upload") from error
