"""Settings from the environment: defaults, addresses, and errors that name the variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from control_center.config import Settings, SettingsError


def test_the_defaults_are_a_platform_with_one_of_each() -> None:
    settings = Settings.load({})
    assert settings.kafka_bootstrap == ("kafka-1:9092",)
    assert settings.spark_workers == ("spark-worker-1:8081",)
    assert settings.patience == 1


def test_variables_of_the_environment_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP", "kafka-1:9092, kafka-2")
    monkeypatch.setenv("CASSANDRA_HOSTS", "cassandra-1,cassandra-2:9043")
    monkeypatch.setenv("SCHEMA_REGISTRY_URL", "http://registry:8081/")
    monkeypatch.setenv("CONNECT_URL", "http://connect:8083/")
    monkeypatch.setenv("SPARK_WORKERS", "spark-worker-1:8081,spark-worker-2:8081")
    monkeypatch.setenv("PUBLISHED", "prometheus=9091, spark-master=9090")
    settings = Settings.load()
    assert settings.published == {"prometheus": 9091, "spark-master": 9090}
    assert settings.kafka_bootstrap == ("kafka-1:9092", "kafka-2:9092")
    assert settings.cassandra_hosts == ("cassandra-1:9042", "cassandra-2:9043")
    assert settings.schema_registry_url == "http://registry:8081/apis/ccompat/v7"
    assert settings.connect_url == "http://connect:8083"
    assert settings.spark_workers == ("spark-worker-1:8081", "spark-worker-2:8081")


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("PORT", "abc", "valid integer"),
        ("SPARK_WORKERS", "spark-worker-1:ui", "host:port"),
        ("PUBLISHED", "prometheus", "service=port"),
        ("PORT", "99999", "less than or equal to 65535"),
        ("CONNECT_URL", "connect:8083", "a URL, such as http://connect:8083"),
        ("KAFKA_BOOTSTRAP", "kafka:port", "host:port"),
        ("DATABASES", "shop:5432", "expected NAME=HOST or NAME=HOST:PORT"),
        ("ZOOKEEPERS", " ", "host:port"),
    ],
)
def test_an_error_names_variable_value_and_what_is_expected(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    assert f"{variable}={value!r}: " in refused.value.cause
    assert expected in refused.value.cause


def test_a_secret_is_read_without_its_line_end(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("x\n")
    assert Settings.load({"SECRETS": tmp_path}).secret("token") == "x"


def test_a_missing_and_an_empty_secret_are_named(tmp_path: Path) -> None:
    settings = Settings.load({"SECRETS": tmp_path})
    with pytest.raises(SettingsError, match="token cannot be read"):
        settings.secret("token")
    (tmp_path / "token").write_text("\n")
    with pytest.raises(SettingsError, match="token is empty"):
        settings.secret("token")
