"""How capture connects to each server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from capture.clients.connector import configuration
from capture.clients.server import of_connector, other, own, write_certificate
from capture.clients.source import Identity, UnavailableError
from capture.settings import Settings
from contract.table.database import Database
from tests.capture.in_memory import SETTINGS

SHOP = Database("shop", "Shop", "capture", "riada_shop", "-----BEGIN CERTIFICATE-----")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(
        SETTINGS,
        databases="shop=db.example:5433",
        certificates=tmp_path / "certificates",
    )


def test_another_database_has_its_own_connector(settings: Settings) -> None:
    shop = other(settings, SHOP)
    connector = configuration(settings, shop, 1, Identity("7001", "00000001"), [])
    path = str(settings.certificates / "shop.pem")
    expected = {
        "name": "riada-shop",
        "topic.prefix": "riada.shop",
        "slot.name": "riada_shop",
        "database.hostname": "db.example",
        "database.port": "5433",
        "database.dbname": "Shop",
        "database.user": "capture",
        "database.password": "${secrets:/dev/shm/connect-secrets:database-shop}",
        "database.sslmode": "verify-full",
        "database.sslrootcert": path,
    }
    assert {name: connector[name] for name in expected} == expected
    assert of_connector(connector) == shop
    assert shop.tls == {"sslmode": "verify-full", "sslrootcert": path}


def test_another_certificate_is_no_other_configuration(settings: Settings) -> None:
    first = other(settings, SHOP)
    renewed = replace(SHOP, ca=f"{SHOP.ca} 2")
    assert other(settings, renewed) == first
    assert write_certificate(settings, renewed).read_text() == renewed.ca


def test_a_database_without_tls(settings: Settings) -> None:
    assert other(settings, replace(SHOP, ca="")).tls == {"sslmode": "disable"}
    assert not settings.certificates.exists()


def test_the_connector_of_the_platforms_own_database(settings: Settings) -> None:
    """Another setting would restart it in each installation."""
    connector = configuration(settings, own(settings), 1, Identity("7001", "00000001"), [])
    expected = {
        "name": "riada",
        "topic.prefix": "riada",
        "slot.name": "riada",
        "database.hostname": "postgres",
        "database.port": "5432",
        "database.dbname": "people",
        "database.user": "debezium",
        "database.password": "${secrets:/dev/shm/connect-secrets:postgres-debezium}",
        "database.sslmode": "verify-full",
        "database.sslrootcert": "/run/secrets/ca",
    }
    assert {name: connector[name] for name in expected} == expected


@pytest.mark.parametrize("databases", ["", "crm=db.example", "shop"])
def test_an_unknown_address_is_named_with_the_remedy(settings: Settings, databases: str) -> None:
    with pytest.raises(UnavailableError, match="shop"):
        other(replace(settings, databases=databases), SHOP)
