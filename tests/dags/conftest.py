"""Tests of the DAGs and their packages, run by tests/in-image.sh airflow."""

from __future__ import annotations

import os
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

if find_spec("airflow") is None:  # tests/in_image runs them in the image
    collect_ignore_glob = ["test_*.py", "*/test_*.py"]

DAGS = Path(__file__).parents[2] / "dags"
sys.path.insert(0, str(DAGS))

# Airflow reads its secrets when it is imported. These tests have neither secrets nor a
# metadatabase.
os.environ |= {
    "AIRFLOW_HOME": tempfile.mkdtemp(),
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "sqlite:////tmp/airflow-tests.db",
    "AIRFLOW__CORE__FERNET_KEY": "",
    "AIRFLOW__API__SECRET_KEY": "tests",
    "AIRFLOW__API_AUTH__JWT_SECRET": "tests",
}
