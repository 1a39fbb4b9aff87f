"""When PostgreSQL's certificate expires, as a client sees it."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

from control_center.clients.certificate import OFFERED, REQUEST, Expiry, expires_at

SCRIPT = Path(__file__).resolve().parents[3] / "infra/certificates.sh"


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    if shutil.which("openssl") is None:
        pytest.fail("openssl is not installed")
    folder = tmp_path / "secrets"
    subprocess.run([SCRIPT, "make", folder, "db=localhost"], check=True, capture_output=True)
    return folder


@contextmanager
def server(certificate: Path | None) -> Iterator[int]:
    """Answers an SSLRequest as PostgreSQL does; None: it has no certificate. The port."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            assert connection.recv(8) == REQUEST
            connection.sendall(OFFERED if certificate else b"N")
            if certificate:
                context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                context.load_cert_chain(certificate)
                context.wrap_socket(connection, server_side=True).close()

    with socket.create_server(("localhost", 0)) as listener:
        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


def test_the_time_is_that_of_the_certificate(secrets: Path) -> None:
    file = secrets / "tls-db"
    dates = subprocess.check_output(["openssl", "x509", "-in", file, "-noout", "-enddate"])
    expected = ssl.cert_time_to_seconds(dates.decode().strip().partition("=")[2])
    with server(file) as port:
        assert expires_at("localhost", port, secrets / "ca", 5) == expected


def test_another_authority_is_unknown(secrets: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    subprocess.run([SCRIPT, "make", other, "db=localhost"], check=True, capture_output=True)
    with server(secrets / "tls-db") as port:
        assert expires_at("localhost", port, other / "ca", 5) is None


def test_a_server_without_a_certificate_is_unknown(secrets: Path) -> None:
    with server(None) as port:
        assert expires_at("localhost", port, secrets / "ca", 5) is None


def test_a_server_that_is_away_is_unknown(secrets: Path) -> None:
    assert expires_at("localhost", 9, secrets / "ca", 5) is None


def test_a_missing_ca_is_unknown(tmp_path: Path) -> None:
    assert expires_at("localhost", 9, tmp_path / "ca", 5) is None


DAY_S = 86_400.0


@pytest.mark.parametrize(
    ("until", "after_s", "times"),
    [
        (100 * DAY_S, 59, 1),
        (100 * DAY_S, 61, 2),
        (20 * DAY_S, 10, 2),  # expires soon: a renewal is seen at once
        (21 * DAY_S + 5, 10, 2),  # expires soon from now on
        (None, 10, 2),
    ],
)
def test_a_certificate_that_stays_valid_is_read_once_a_minute(
    until: float | None, after_s: float, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, handshakes = 1_000_000.0, 0

    def read() -> float | None:
        nonlocal handshakes
        handshakes += 1
        return None if until is None else 1_000_000.0 + until

    monkeypatch.setattr("time.time", lambda: now)
    expiry = Expiry(read)
    first = expiry.at()
    now += after_s
    assert expiry.at() == first == read()
    assert handshakes == times + 1
