"""Invariant 5: no setting, image, log, process list or Terraform state contains a secret."""

from __future__ import annotations

import json
import secrets
import stat
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.host import docker
from tests.harness.leaks import leaks, one_line
from tests.harness.platform import Platform
from tests.harness.wait import eventually


@pytest.fixture
def planted() -> Iterator[tuple[str, str, str]]:
    """A container and an image with a visible secret: (secret, container, image)."""
    secret, name = secrets.token_urlsafe(32), f"riada-planted-{uuid.uuid4().hex[:8]}"
    loud = ("--network", "none", "-e", f"SECRET={secret}")
    script = "echo password: $1; sleep 300; true $1"
    command = ("bash", "-c", script, "bash", secret)
    docker.ask("run", "-d", "--name", name, *loud, "debian:bookworm-slim", *command)
    image = f"{name}:planted"
    docker.ask("commit", "--change", f"ENV SECRET={secret}", name, image)
    yield secret, name, image
    docker.remove("container", name)
    docker.ask("image", "rm", image)


def test_search_finds_a_planted_secret(planted: tuple[str, str, str], tmp_path: Path) -> None:
    secret, container, image = planted
    file = tmp_path / "state"
    file.write_text(f'{{"password": "{secret}"}}')
    eventually(
        lambda: secret in docker.tail(container), "the planted container logs its secret", 20
    )
    places = {place for _, place in leaks({"planted": secret}, [container], [image], [file])}
    assert places == {
        f"docker inspect {container}",
        f"docker logs {container}",
        f"process of {container}",
        f"docker inspect {image}",
        f"history of {image}",
        f"file {file}",
        "this machine's process list",
    }


def test_search_finds_a_private_key_with_other_line_ends(tmp_path: Path) -> None:
    key = "-----BEGIN PRIVATE KEY-----\n{}\n{}\n-----END PRIVATE KEY-----\n"
    key = key.format(secrets.token_hex(32), secrets.token_hex(32))
    file = tmp_path / "state"
    file.write_text(json.dumps({"key": key}))
    assert leaks({"planted": key}, [], [], [file]) == {("planted", f"file {file}")}


def test_no_secret_is_visible_anywhere(platform: Platform) -> None:
    installation = platform.installation
    known = {path.name: path.read_text().strip() for path in installation.secrets.iterdir()}
    assert len(known) >= 10
    assert len(set(known.values())) == len(known), "every secret differs"
    containers = docker.named("container", installation.project)
    images = {container["Config"]["Image"] for container in docker.inspect(*containers)}
    files = [path for path in installation.folder.glob("*") if path.is_file()]
    assert not leaks(known, containers, sorted(images), files)


def test_no_secret_in_the_files_of_services(platform: Platform) -> None:
    """Airflow's task logs and Spark's driver logs are in volumes, not in docker's logs."""
    patterns = "\n".join(
        one_line(path.read_text().strip()) for path in platform.installation.secrets.iterdir()
    )
    search = "grep -rlaF -f - {} 2>/dev/null || true"
    for service, folder in (
        ("airflow-scheduler", "/var/log/airflow"),
        ("airflow-scheduler", "/artifacts"),
        ("spark-worker-1", "/opt/spark/work"),
    ):
        script = f"[ -d {folder} ] || exit 0; {search.format(folder)}"
        assert not platform.run_in(service, "bash", "-c", script, text=patterns), folder


def test_no_table_keeps_a_password(platform: Platform) -> None:
    """No column holds login.password, salt or a hash of the API."""
    columns = platform.sql(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema IN ('public', 'riada')"
    )
    words = ("password", "salt", "md5", "sha1", "sha256")
    assert columns
    assert not [name for (name,) in columns if any(word in name for word in words)]


def test_secrets_are_only_their_owners(platform: Platform) -> None:
    assert stat.S_IMODE(platform.installation.secrets.stat().st_mode) == 0o700
