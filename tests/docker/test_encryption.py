"""PostgreSQL takes connections by TLS 1.3 and a password only; clients verify its certificate."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cli.host import docker
from contract.stores.postgres.roles import Role
from contract.stores.tls import CA
from tests.docker.conftest import CERTIFICATE, Container, Start, certify
from tests.docker.postgres import VERIFIED
from tests.harness.wait import eventually

ROLES = ("postgres", *(role.value for role in Role))
MARKER = "/var/lib/postgresql/encrypted"


@pytest.fixture(scope="module")
def server(start: Start) -> Container:
    container = start("postgres", "postgres")
    container.await_healthy("healthcheck")
    return container


def ask(
    server: Container, role: str = "observer", sql: str = "SELECT 1", **settings: str
) -> subprocess.CompletedProcess[str]:
    """A statement of a client that connects to the host `postgres` by libpq."""
    databases = {"airflow": "airflow", "registry": "registry", "postgres": "postgres"}
    secret = "superuser" if role == "postgres" else role
    target = {
        "host": "postgres",
        "user": role,
        "dbname": databases.get(role, "people"),
        "password": f"secret-of-postgres-{secret}",
        **VERIFIED,
        **settings,
    }
    text = " ".join(f"{name}={value}" for name, value in target.items())
    return server.run("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", text, "-c", sql)


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode != 0, f"not refused: {done.stdout}"
    return done.stderr


@pytest.mark.parametrize("role", ROLES)
def test_each_role_connects_by_tls_1_3(server: Container, role: str) -> None:
    protocol = "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    done = ask(server, role, protocol)
    assert (done.stdout, done.stderr) == ("TLSv1.3\n", "")


@pytest.mark.parametrize("host", ["postgres", "localhost"])
@pytest.mark.parametrize("role", ROLES)
def test_clear_text_is_refused(server: Container, role: str, host: str) -> None:
    assert "no encryption" in refused(ask(server, role, host=host, sslmode="disable"))


def test_tls_1_2_is_refused(server: Container) -> None:
    settings = {"ssl_min_protocol_version": "TLSv1.2", "ssl_max_protocol_version": "TLSv1.2"}
    assert "protocol version" in refused(ask(server, **settings))


@pytest.mark.parametrize("role", ROLES)
def test_a_wrong_password_is_refused(server: Container, role: str) -> None:
    assert "password authentication failed" in refused(ask(server, role, password="wrong"))


def test_another_role_s_password_is_refused(server: Container) -> None:
    other = "secret-of-postgres-observer"
    assert "password authentication failed" in refused(ask(server, "debezium", password=other))


def test_replication_is_for_one_role_and_one_database(server: Container) -> None:
    slot = "CREATE_REPLICATION_SLOT riada_test TEMPORARY LOGICAL pgoutput"
    assert ask(server, "debezium", slot, replication="database").returncode == 0
    others = refused(ask(server, "debezium", slot, replication="database", dbname="postgres"))
    assert "pg_hba.conf rejects" in others
    for role in ("ingest", "observer"):
        assert "permission denied" in refused(ask(server, role, slot, replication="database"))


def test_a_client_refuses_a_server_of_another_authority(server: Container, tmp_path: Path) -> None:
    certify(tmp_path, CERTIFICATE)
    docker.ask("cp", str(tmp_path / CA), f"{server.name}:/tmp/other-ca")
    done = ask(server, sslrootcert="/tmp/other-ca")
    assert "certificate verify failed" in refused(done)


def test_a_client_refuses_a_name_that_the_certificate_has_not(server: Container) -> None:
    done = ask(server, host="127.0.0.1")
    assert "does not match host name" in refused(done)


def test_only_the_server_reads_its_key(server: Container) -> None:
    assert server.run("stat", "-c", "%a", "/dev/shm/tls-postgres.pem").stdout == "600\n"


def test_a_renewed_certificate_is_used_without_a_restart(server: Container, secrets: Path) -> None:
    serial = "openssl s_client -connect postgres:5432 -starttls postgres </dev/null 2>/dev/null"
    serial += " | openssl x509 -noout -serial"

    def served() -> str:
        return server.run("bash", "-c", serial).stdout

    started = "SELECT pg_postmaster_start_time()"
    before, since = served(), ask(server, sql=started).stdout
    assert before.startswith("serial=")
    certify(secrets, f"{CERTIFICATE},renewed")
    eventually(lambda: served() != before, "the renewed certificate is served", 30)
    assert ask(server, sql=started).stdout == since


def test_clear_text_ends_after_an_upgrade(server: Container) -> None:
    """The volume of a release without TLS: its clients connect until all are replaced."""
    server.run("rm", MARKER).check_returncode()
    docker.ask("restart", server.name)
    server.await_healthy("healthcheck")
    assert "accepts clear text" in server.logs()
    accepted = "SELECT count(*) FROM pg_hba_file_rules WHERE type = 'host'"
    assert ask(server, sql=accepted, sslmode="disable").stdout == "1\n"
    docker.ask("exec", "-d", server.name, "psql", _clear(), "-c", "SELECT pg_sleep(600)")
    clear = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE NOT ssl"
    clear += " AND client_addr IS NOT NULL"
    eventually(lambda: ask(server, "postgres", clear).stdout == "1\n", "a session", 10)
    for _ in range(2):
        server.run("encryption", "require").check_returncode()
        assert "no encryption" in refused(ask(server, sslmode="disable"))
        assert ask(server, "postgres", clear).stdout == "0\n"
        docker.ask("restart", server.name)
        server.await_healthy("healthcheck")


def _clear() -> str:
    target = "host=postgres user=observer dbname=people password=secret-of-postgres-observer"
    return f"{target} sslmode=disable"
