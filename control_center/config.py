"""The addresses of the components, read once from the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from contract.errors import ComponentError, ErrorCode
from contract.kafka.capture import CONNECTOR as CONNECTOR
from contract.kafka.capture import SLOT as SLOT
from contract.kafka.schemas import CONFLUENT_API
from contract.kafka.topics import LARGEST_MESSAGE as LARGEST_MESSAGE
from contract.stores.postgres.server import Address, addresses

COMPONENT = "control-center"


class SettingsError(ComponentError):
    """A variable or a secret is not usable; the cause names the variable or the file."""

    code = ErrorCode.INVALID


def _addresses(default_port: int) -> BeforeValidator:
    """ "kafka-1, kafka-2:9093" → ("kafka-1:9092", "kafka-2:9093")."""

    def split(value: object) -> object:
        if not isinstance(value, str):
            return value
        hosts = [host for host in re.split(r"[,\s]+", value) if host]
        if not hosts or not all(re.fullmatch(r"[^:/]+(:[0-9]{1,5})?", host) for host in hosts):
            raise PydanticCustomError(
                "addresses",
                "expected hosts or host:port, separated by commas, such as kafka-1:9092,kafka-2",
            )
        return tuple(host if ":" in host else f"{host}:{default_port}" for host in hosts)

    return BeforeValidator(split)


def _databases(value: object) -> object:
    try:
        return addresses(value) if isinstance(value, str) else value
    except ValueError as error:
        raise PydanticCustomError("databases", "{cause}", {"cause": str(error)}) from error


def _ports(value: object) -> object:
    """ "prometheus=9091,spark-master=9090" → {"prometheus": "9091", …}."""
    if not isinstance(value, str):
        return value
    pairs = [pair.strip().partition("=") for pair in value.split(",") if pair.strip()]
    if not all(re.fullmatch(r"[1-9][0-9]{0,4}", port) for _, _, port in pairs):
        raise PydanticCustomError("ports", "expected service=port, separated by commas")
    return {service: port for service, _, port in pairs}


def _url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]\S*", value):
        raise PydanticCustomError("url", "expected a URL, such as http://connect:8083")
    return value


def _confluent_api(url: str) -> str:
    return url.rstrip("/").removesuffix(CONFLUENT_API) + CONFLUENT_API


Addresses = Annotated[tuple[str, ...], NoDecode]  # NoDecode: the variable is not JSON
Databases = Annotated[Mapping[str, Address], NoDecode, BeforeValidator(_databases)]
Url = Annotated[str, AfterValidator(_url)]
BaseUrl = Annotated[Url, AfterValidator(lambda url: url.rstrip("/"))]


class Settings(BaseSettings):
    """A field is read from the variable of its name in capitals: KAFKA_BOOTSTRAP. The defaults suit
    a platform with one node of each kind. Addresses are "host:port", base URLs end without a slash.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    project: str = Field("riada", min_length=1)  # the installation, whose containers it prefixes
    host: str = "0.0.0.0"
    port: int = Field(9021, ge=1, le=65535)
    postgres_host: str = Field("postgres", min_length=1)
    databases: Databases = {}  # name of another PostgreSQL → its address
    kafka_bootstrap: Annotated[Addresses, _addresses(9092)] = ("kafka-1:9092",)
    zookeepers: Annotated[Addresses, _addresses(2181)] = ("zookeeper-1:2181",)
    schema_registry_url: Annotated[Url, AfterValidator(_confluent_api)] = (
        f"http://schema-registry:8081{CONFLUENT_API}"
    )
    connect_url: BaseUrl = "http://connect:8083"
    spark_master_ui: BaseUrl = "http://spark-master:8080"
    spark_workers: Annotated[Addresses, _addresses(8081)] = ("spark-worker-1:8081",)
    cassandra_hosts: Annotated[Addresses, _addresses(9042)] = ("cassandra-1:9042",)
    airflow_url: BaseUrl = "http://airflow-api-server:8080"
    airflow_hosts: ClassVar[tuple[str, ...]] = ("airflow-scheduler", "airflow-dag-processor")
    randomuser_url: Url = "http://randomuser:8000/api/"
    prometheus_url: BaseUrl = "http://prometheus:9090"
    # Service → the port of its pages on the machine that publishes this port too.
    published: Annotated[Mapping[str, int], NoDecode, BeforeValidator(_ports)] = {}
    artifacts: Path = Path("/artifacts")
    state: Path = Path("/var/lib/control-center")
    secrets: Path = Path("/run/secrets")
    patience: float = Field(1.0, ge=1)  # multiplies every timeout, for slow machines
    # Of one core, for the continuous verification and the engines' answers to it; 0: it is off.
    verification_percent: int = Field(15, ge=0, le=100)
    # Rows that differ and that verification sends again, per hour; 0: none.
    auto_repair_rows: int = Field(0, ge=0)

    @classmethod
    def load(cls, overrides: Mapping[str, Any] | None = None) -> Settings:
        """Settings from the environment, and from `overrides` (KAFKA_BOOTSTRAP: …), which take
        precedence.

        Raises SettingsError, which names each variable, its value and what is expected.
        """
        try:
            return cls(**{name.lower(): value for name, value in (overrides or {}).items()})
        except ValidationError as error:
            causes = [
                f"{str(fault['loc'][0]).upper()}={fault['input']!r}: {fault['msg']}"
                for fault in error.errors()
            ]
            raise SettingsError(
                COMPONENT, "; ".join(causes), "Correct it in the container's environment."
            ) from error

    def container(self, service: str) -> str:
        """The name of a service's container: "connect" → "riada-connect"."""
        return f"{self.project}-{service}"

    def secret(self, name: str) -> str:
        """The secret's value; raises SettingsError if its file cannot be read or is empty."""
        path = self.secrets / name
        try:
            value = path.read_text().strip()
        except OSError as error:
            cause = f"{path} cannot be read ({error.strerror})"
            raise SettingsError(COMPONENT, cause, "Mount the secret.") from error
        if not value:
            raise SettingsError(COMPONENT, f"{path} is empty", "Write a secret into it.")
        return value

    def release(self) -> str | None:
        """The deployed release, from the link /artifacts/current; None before a deploy."""
        try:
            return (self.artifacts / "current").readlink().name
        except OSError:
            return None
