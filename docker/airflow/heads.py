"""Prints the schema revisions that this Airflow needs, as JSON: version table → revision."""

from __future__ import annotations

import json
from pathlib import Path

import airflow
import airflow.providers.fab as fab
from alembic.script import ScriptDirectory


def head(package: str) -> str | None:
    """The newest revision below the package's migrations/."""
    scripts = ScriptDirectory(str(Path(package).parent / "migrations"))
    newest: str | None = scripts.get_current_head()
    return newest


heads = {"alembic_version": head(airflow.__file__), "alembic_version_fab": head(fab.__file__)}
if not all(heads.values()):
    raise SystemExit(f"airflow: a migrations folder has no head revision: {heads}")
print(json.dumps(heads))
