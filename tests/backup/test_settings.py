"""pgBackRest's configuration of a volume and of a bucket."""

from __future__ import annotations

from backup.settings import Settings, configuration

ENVIRONMENT = {
    "PGDATA": "/var/lib/postgresql/data",
    "PGHOST": "/run/postgresql",
    "BACKUP_RETENTION_DAYS": "14",
    "ARCHIVE_QUEUE_MIB": "4096",
}
BUCKET = {"BACKUP_BUCKET": "riada-artifacts", "BACKUP_REGION": "eu-central-1"}


def lines(**variables: str) -> list[str]:
    return configuration(Settings.load(ENVIRONMENT | variables)).splitlines()


def test_a_volume() -> None:
    written = lines()
    assert "repo1-path=/var/lib/pgbackrest" in written
    assert "repo1-retention-full=14" in written
    assert "archive-push-queue-max=4294967296" in written
    assert written[-4:] == [
        "[postgres]",
        "pg1-path=/var/lib/postgresql/data",
        "pg1-socket-path=/run/postgresql",
        "pg1-user=postgres",
    ]
    assert not [line for line in written if "s3" in line]


def test_a_bucket_with_the_role_of_the_machine() -> None:
    written = lines(**BUCKET)
    assert "repo1-type=s3" in written
    assert "repo1-path=/backups" in written
    assert "repo1-s3-bucket=riada-artifacts" in written
    assert "repo1-s3-endpoint=s3.eu-central-1.amazonaws.com" in written
    assert "repo1-s3-key-type=auto" in written
    assert not [line for line in written if "verify" in line], "certificates are verified"


def test_an_emulation_of_s3() -> None:
    written = lines(**BUCKET, AWS_ENDPOINT_URL="http://localstack:4566")
    assert "repo1-s3-endpoint=localstack" in written
    assert "repo1-storage-port=4566" in written
    assert "repo1-storage-verify-tls=n" in written
