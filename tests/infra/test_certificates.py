"""infra/certificates.sh makes a private CA and its certificates, renews them in time, and prints no
key."""

from __future__ import annotations

import re
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.harness.leaks import one_line
from tests.infra.conftest import ROOT

SCRIPT = ROOT / "infra/certificates.sh"
POSTGRES = "postgres=postgres.riada.internal,localhost,postgres"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(argument) for argument in (SCRIPT, *arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def openssl(*arguments: object) -> str:
    command = ["openssl", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def days(file: Path) -> int:
    """Lifetime of a certificate."""
    text = openssl("x509", "-in", file, "-noout", "-dates")
    first, last = (
        datetime.strptime(value, "%b %d %H:%M:%S %Y GMT") for value in re.findall("=(.*)", text)
    )
    return round((last - first) / timedelta(days=1))


def extensions(file: Path) -> str:
    return openssl("x509", "-in", file, "-noout", "-text")


def expire(folder: Path, left: int) -> None:
    """Makes the CA sign the certificate of postgres again, for so many days."""
    file = folder / "tls-postgres"
    names = "subjectAltName = DNS:localhost, DNS:postgres, DNS:postgres.riada.internal"
    request = folder / "request"
    openssl("req", "-new", "-key", file, "-subj", "/CN=postgres", "-out", request)
    (folder / "extensions").write_text(names)
    signed = openssl(
        *("x509", "-req", "-in", request, "-CA", folder / "ca", "-CAkey", folder / "ca-key"),
        *("-set_serial", 7, "-days", left, "-extfile", folder / "extensions"),
    )
    key = openssl("pkey", "-in", file)
    file.chmod(0o644)
    file.write_text(key + signed)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    done = run("make", folder, POSTGRES)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["ca-key", "ca", "tls-postgres"]
    return folder


def test_lifetimes(folder: Path) -> None:
    assert days(folder / "ca") == 3650
    assert days(folder / "tls-postgres") == 397


def test_a_certificate_has_the_service_s_names_and_serves_only(folder: Path) -> None:
    text = extensions(folder / "tls-postgres")
    assert "DNS:localhost, DNS:postgres, DNS:postgres.riada.internal" in text
    assert "TLS Web Server Authentication" in text
    assert "TLS Web Client Authentication" not in text
    assert "CA:FALSE" in text
    openssl("verify", "-CAfile", folder / "ca", "-purpose", "sslserver", folder / "tls-postgres")


def test_only_nodes_of_a_cluster_authenticate_as_clients(folder: Path) -> None:
    """Else the certificate of any service would let its holder join Cassandra's ring."""
    node = "cassandra-1=localhost,cassandra-1.riada.internal,cassandra-1,cassandra"
    assert run("make", folder, node, "kafka-1=kafka-1").stdout == "tls-cassandra-1\ntls-kafka-1\n"
    accepted = {
        name: subprocess.run(
            ["openssl", "verify", "-CAfile", folder / "ca", "-purpose", "sslclient", folder / name],
            capture_output=True,
        ).returncode
        == 0
        for name in ("tls-cassandra-1", "tls-kafka-1", "tls-postgres")
    }
    assert accepted == {"tls-cassandra-1": True, "tls-kafka-1": False, "tls-postgres": False}
    run("renew", folder)
    assert "TLS Web Client Authentication" in extensions(folder / "tls-cassandra-1")


def test_the_authority_signs_services_only(folder: Path) -> None:
    text = extensions(folder / "ca")
    assert "CA:TRUE, pathlen:0" in text
    assert "Certificate Sign, CRL Sign" in text


def test_only_the_owner_reads_keys(folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    # A container reads its key as another user, by a mount; the folder is closed.
    assert modes == {"ca-key": 0o400, "ca": 0o444, "tls-postgres": 0o444}


def test_two_installations_have_different_authorities(folder: Path, tmp_path: Path) -> None:
    run("make", tmp_path / "other", POSTGRES)
    with pytest.raises(subprocess.CalledProcessError):
        openssl("verify", "-CAfile", tmp_path / "other/ca", folder / "tls-postgres")


def test_what_is_there_stays(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    other_order = "postgres=localhost,postgres,postgres.riada.internal"
    assert run("make", folder, other_order).stdout == ""
    assert run("renew", folder).stdout == ""
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_another_service_gets_its_own_certificate(folder: Path) -> None:
    before = (folder / "ca").read_bytes()
    assert run("make", folder, POSTGRES, "kafka-1=kafka-1").stdout == "tls-kafka-1\n"
    assert (folder / "ca").read_bytes() == before
    openssl("verify", "-CAfile", folder / "ca", folder / "tls-kafka-1")


def test_another_name_replaces_the_certificate(folder: Path) -> None:
    assert run("make", folder, f"{POSTGRES},db").stdout == "tls-postgres\n"
    assert "DNS:db" in extensions(folder / "tls-postgres")


@pytest.mark.parametrize(("left", "renewed"), [(29, "tls-postgres\n"), (32, "")])
def test_renewed_30_days_before_it_expires(folder: Path, left: int, renewed: str) -> None:
    expire(folder, left)
    inode = (folder / "tls-postgres").stat().st_ino
    done = run("renew", folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, renewed, "")
    if renewed:
        assert days(folder / "tls-postgres") == 397
        assert "DNS:postgres.riada.internal" in extensions(folder / "tls-postgres")
    # Containers mount the file.
    assert (folder / "tls-postgres").stat().st_ino == inode


def test_a_partial_file_is_replaced(folder: Path) -> None:
    file = folder / "tls-postgres"
    file.chmod(0o644)
    file.write_text(file.read_text()[:200])
    assert run("make", folder, POSTGRES).stdout == "tls-postgres\n"
    openssl("verify", "-CAfile", folder / "ca", file)


def test_a_lost_key_of_the_authority_is_named(folder: Path) -> None:
    (folder / "ca-key").unlink()
    done = run("make", folder, f"{POSTGRES},db")
    assert done.returncode == 1
    assert f"{folder}/ca-key is lost: restore it, or remove ca" in done.stderr
    (folder / "ca").unlink()
    assert run("make", folder, POSTGRES).stdout.split() == ["ca-key", "ca", "tls-postgres"]


def test_no_key_is_printed_or_on_a_command_line(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    openssl_log = tmp_path / "bin/openssl"
    openssl_log.parent.mkdir()
    openssl_log.write_text(f'#!/bin/bash\necho "$@" >>{log}\nexec /usr/bin/openssl "$@"\n')
    openssl_log.chmod(0o755)
    command = [*map(str, (SCRIPT, "make", folder)), f"{POSTGRES},db"]
    environment = {"PATH": f"{openssl_log.parent}:/usr/bin:/bin"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    shown = done.stdout + done.stderr + log.read_text()
    assert "-newkey" in shown
    for name in ("ca-key", "tls-postgres"):
        assert one_line((folder / name).read_text()) not in shown
