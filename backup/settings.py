"""Where data, repository and files are, and the configuration of pgBackRest that follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

# pgBackRest's name for a cluster and its archive.
STANZA = "postgres"
VOLUME = "/var/lib/pgbackrest"
# The folder of the bucket. infra/aws gives the role of the node rights on it alone.
BUCKET_FOLDER = "/backups"


@dataclass(frozen=True)
class Settings:
    """`volume`: the data volume; `data`: PostgreSQL's data folder in it; `run`: a folder that is
    empty when the container starts. `bucket`: of the repository, "": a volume has it. `endpoint`:
    URL of S3 where it is not at its usual address. `retention_d`: days for which the archive can
    restore; `queue_bytes`: WAL that may wait for the archive."""

    volume: Path
    data: Path
    run: Path
    retention_d: int
    queue_bytes: int
    bucket: str = ""
    region: str = ""
    endpoint: str = ""

    @classmethod
    def load(cls, environment: Mapping[str, str]) -> Settings:
        """Raises KeyError and ValueError."""
        data = Path(environment["PGDATA"])
        return cls(
            volume=data.parent,
            data=data,
            run=Path(environment["PGHOST"]),
            retention_d=int(environment["BACKUP_RETENTION_DAYS"]),
            queue_bytes=int(environment["ARCHIVE_QUEUE_MIB"]) << 20,
            bucket=environment.get("BACKUP_BUCKET", ""),
            region=environment.get("BACKUP_REGION", ""),
            endpoint=environment.get("AWS_ENDPOINT_URL", ""),
        )

    @property
    def trial(self) -> Path:
        """The data folder of a restore test."""
        return self.volume / "restore-test"


def configuration(settings: Settings) -> str:
    """The text of pgbackrest.conf."""
    options = {
        **_repository(settings),
        "repo1-retention-full-type": "time",
        "repo1-retention-full": str(settings.retention_d),
        "repo1-bundle": "y",
        # Beyond it WAL is dropped, and pgbackrest-push records the gap: a full disk would stop
        # every writer.
        "archive-push-queue-max": str(settings.queue_bytes),
        "compress-type": "zst",
        "start-fast": "y",
        "log-level-file": "off",
        "log-level-console": "warn",
        "lock-path": str(settings.run / "pgbackrest"),
        "spool-path": str(settings.run / "pgbackrest-spool"),
    }
    stanza = {
        "pg1-path": str(settings.data),
        "pg1-socket-path": str(settings.run),
        "pg1-user": "postgres",
    }
    return f"[global]\n{_lines(options)}\n[{STANZA}]\n{_lines(stanza)}"


def _repository(settings: Settings) -> dict[str, str]:
    if not settings.bucket:
        return {"repo1-path": VOLUME}
    options = {
        "repo1-type": "s3",
        "repo1-path": BUCKET_FOLDER,
        "repo1-s3-bucket": settings.bucket,
        "repo1-s3-region": settings.region,
        "repo1-s3-endpoint": f"s3.{settings.region}.amazonaws.com",
        # the credentials of the machine's role, from the metadata service
        "repo1-s3-key-type": "auto",
    }
    if settings.endpoint:  # an emulation of S3, with a certificate of its own
        address = urlsplit(settings.endpoint)
        options |= {
            "repo1-s3-endpoint": str(address.hostname),
            "repo1-s3-uri-style": "path",
            "repo1-storage-port": str(address.port or 443),
            "repo1-storage-verify-tls": "n",
        }
    return options


def _lines(options: Mapping[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in options.items())
