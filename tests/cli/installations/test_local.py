"""Settings: given as variables, kept for later, passed to Terraform."""

from __future__ import annotations

import json

import pytest

from cli.host.errors import CliError, SettingError
from cli.installations.local import PORTS, Installation


def test_defaults() -> None:
    installation = Installation.current({})
    assert installation.project == "riada"
    assert installation.ports == PORTS
    assert installation.terraform_variables() == ["-var", "project=riada"]


def test_every_setting_reaches_terraform() -> None:
    installation = Installation.current(
        {
            "PROJECT": "mine",
            "BROKERS": "3",
            "CASSANDRA_NODES": "3",
            "AIRFLOW_API_SERVER_PORT": "18080",
            "KAFKA_MEMORY_MIB": "900",
            "ZOOKEEPER_HEAP_MIB": "96",
            "RANDOMUSER_URL": "http://people.example/api/",
            "TOPIC_PARTITIONS": "8",
            "KAFKA_TABLE_GIB": "40",
            "VERIFICATION_PERCENT": "0",
            "AUTO_REPAIR_ROWS": "500",
            "SOURCE_SECRETS": "orders-api,events",
            "DATABASES": "shop=db.example,crm=10.0.0.5:5433",
            "RUNNER": "compose",
            "HOME": "/home/someone",
        }
    )
    variables = installation.terraform_variables()
    assert variables[::2] == ["-var"] * (len(variables) // 2)
    values = dict(value.split("=", 1) for value in variables[1::2])
    assert values.keys() == {
        *("project", "sizes", "publish", "memory_mib", "heap_mib"),
        *("randomuser_url", "topic_partitions", "kafka_table_gib", "source_secrets", "databases"),
        *("verification_percent", "auto_repair_rows"),
    }
    assert json.loads(values["sizes"]) == {"brokers": 3, "cassandra_nodes": 3}
    assert json.loads(values["source_secrets"]) == ["orders-api", "events"]
    assert json.loads(values["databases"]) == {"shop": "db.example:5432", "crm": "10.0.0.5:5433"}
    assert json.loads(values["publish"]) == {"airflow-api-server": 18080}
    assert json.loads(values["memory_mib"]) == {"kafka": 900}
    assert json.loads(values["heap_mib"]) == {"zookeeper": 96}


def test_nodes_take_one_port_each() -> None:
    taken = Installation.current({"BROKERS": "3", "KAFKA_PORT": "19092"}).published()
    assert [taken[f"kafka-{node}"] for node in (1, 2, 3)] == [19092, 19093, 19094]


@pytest.mark.parametrize("name", ["Riada", "a b", "-a", "a" * 40, "../x"])
def test_a_bad_project_name_is_refused(name: str) -> None:
    with pytest.raises(CliError) as refused:
        Installation.current({"PROJECT": name})
    assert refused.value.remedy


@pytest.mark.parametrize("value", ["0", "-1", "many"])
def test_a_bad_number_is_refused_with_an_example(value: str) -> None:
    with pytest.raises(CliError) as refused:
        Installation.current({"BROKERS": value}).terraform_variables()
    assert "BROKERS" in refused.value.cause
    assert "BROKERS=1" in refused.value.remedy


def test_chosen_settings_are_kept_until_destroyed() -> None:
    first = Installation.current({"PROJECT": "riada-unit-kept", "KAFKA_PORT": "19092"})
    try:
        first.save()
        later = Installation.current({"PROJECT": "riada-unit-kept"})
        assert later.ports["kafka"] == 19092
        now = Installation.current({"PROJECT": "riada-unit-kept", "KAFKA_PORT": "19999"})
        assert now.ports["kafka"] == 19999, "the environment wins"
    finally:
        (first.folder / "settings.json").unlink()
        first.folder.rmdir()


@pytest.mark.parametrize(
    "wrong",
    [
        {"POSTGRES_PORT": "80"},
        {"WORKERS": "many"},
        {"BROKERS": "2"},
        {"ZOOKEEPERS": "4"},
        {"RUNNER": "podman"},
        {"CASSANDRA_NODES": "2"},
        {"TOPIC_PARTITIONS": "65"},
        {"KAFKA_TABLE_GIB": "0"},
        {"VERIFICATION_PERCENT": "101"},
        {"AUTO_REPAIR_ROWS": "-1"},
        {"RANDOMUSER_URL": "people.example/api"},
        {"SOURCE_SECRETS": "orders,"},
        {"SOURCE_SECRETS": "Orders_API"},
        {"DATABASES": "db.example:5432"},
        {"DATABASES": "shop=db.example:5432,shop=other"},
        {"DATABASES": "shop=localhost:5432"},
        {"DATABASES": "shop=127.0.0.1"},
    ],
)
def test_a_setting_that_is_not_acceptable_is_not_kept(wrong: dict[str, str]) -> None:
    with pytest.raises(SettingError):
        Installation.current({"PROJECT": "riada-unit-wrong", **wrong}).save()
    later = Installation.current({"PROJECT": "riada-unit-wrong"})
    assert not later.settings
    assert later.url("control-center") == f"http://127.0.0.1:{PORTS['control-center']}"
