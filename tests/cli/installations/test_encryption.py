"""Which services end clear text after an upgrade."""

from __future__ import annotations

from pathlib import Path

from cli.installations import encryption
from cli.installations.local import Installation


def test_services_that_accepted_clear_text_are_upgraded(tmp_path: Path) -> None:
    """Spark's gateway has a certificate, and has never accepted clear text."""

    class Stored(Installation):
        @property
        def secrets(self) -> Path:
            return tmp_path

    for name in ("ca", "tls-cassandra-2", "tls-postgres", "tls-spark-master", "postgres-ingest"):
        (tmp_path / name).touch()
    assert encryption.upgraded(Stored("x", {})) == ["cassandra-2", "postgres"]
