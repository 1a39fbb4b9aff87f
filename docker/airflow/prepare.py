"""Brings the metadatabase to this image's schema and sets the password of the user `admin`.

It may run again at any time, also after it was killed. It imports Airflow, which is slow, only
when something is missing.
"""

from __future__ import annotations

from pathlib import Path

import metadata
from werkzeug.security import check_password_hash

USER = "admin"


def password() -> str:
    """The administrator's password."""
    return Path("/run/secrets/airflow-admin").read_text().strip()


def has_admin() -> bool:
    """Does the user exist, with the current password?"""
    with metadata.connect().cursor() as cursor:
        cursor.execute("SELECT password FROM ab_user WHERE username = %s AND active", (USER,))
        row = cursor.fetchone()
    return row is not None and check_password_hash(row[0], password())


def migrate() -> None:
    """As `airflow db migrate`: creates the tables or upgrades them, under a lock."""
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
    if not has_admin():
        set_admin()
        print(f"airflow: the password of {USER} is set", flush=True)
