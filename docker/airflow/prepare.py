"""Brings the metadatabase to this image's schema, makes the pool of the ingest tasks, and sets the
password of the user `admin`.

It may run again at any time, also after it was killed. It imports Airflow, which is slow, only
when something is missing.
"""

from __future__ import annotations

from pathlib import Path

import metadata
from werkzeug.security import check_password_hash

USER = "admin"
POOL = "ingest"
# Fewer than core.parallelism (Dockerfile), so that a task of another DAG always finds a place.
SLOTS = 8


def password() -> str:
    """The administrator's password."""
    return Path("/run/secrets/airflow-admin").read_text().strip()


def has_admin() -> bool:
    """Does the user exist, with the current password?"""
    with metadata.connect().cursor() as cursor:
        cursor.execute("SELECT password FROM ab_user WHERE username = %s AND active", (USER,))
        row = cursor.fetchone()
    return row is not None and check_password_hash(row[0], password())


def set_pool() -> None:
    """Creates the pool, and leaves an existing one as it is."""
    with metadata.connect().cursor() as cursor:
        cursor.execute(
            "INSERT INTO slot_pool (pool, slots, description, include_deferred) "
            "VALUES (%s, %s, 'tasks that fetch rows from sources', false) "
            "ON CONFLICT (pool) DO NOTHING",
            (POOL, SLOTS),
        )


def migrate() -> None:
    """Does what `airflow db migrate` does: creates the tables or upgrades them, under a lock."""
    from airflow.utils import db

    db.upgradedb()


def set_admin() -> None:
    """Creates the user in the role Admin, or gives it the password."""
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    with get_application_builder() as builder:
        manager = builder.sm
        user = manager.find_user(USER)
        if user:
            manager.reset_password(user.id, password())
        elif not manager.add_user(
            USER, "Riada", "Admin", "admin@localhost", manager.find_role("Admin"), password()
        ):
            raise SystemExit(f"Airflow did not create its user {USER}: see the lines above")


if __name__ == "__main__":
    if cause := metadata.not_ready_cause():
        print(f"airflow: migrating: {cause}", flush=True)
        migrate()
    set_pool()
    if not has_admin():
        set_admin()
        print(f"airflow: the password of {USER} is set", flush=True)
