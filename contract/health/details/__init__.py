"""The numbers and states behind each probe's summary, one class per probe."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from contract.health.details.airflow import AirflowDetails
from contract.health.details.backup import BackupDetails
from contract.health.details.base import ProbeDetails
from contract.health.details.capture import CaptureDetails
from contract.health.details.cassandra import CassandraDetails
from contract.health.details.connect import ConnectDetails
from contract.health.details.databases import DatabasesDetails
from contract.health.details.disk import DiskDetails
from contract.health.details.driver import DriverDetails
from contract.health.details.ingest import IngestDetails
from contract.health.details.kafka import KafkaDetails
from contract.health.details.lag import LagDetails
from contract.health.details.postgres import PostgresDetails
from contract.health.details.prometheus import PrometheusDetails
from contract.health.details.schema_registry import SchemaRegistryDetails
from contract.health.details.slot import SlotDetails
from contract.health.details.source import SourceDetails
from contract.health.details.spark import SparkDetails
from contract.health.details.topic import TopicDetails
from contract.health.details.verification import VerificationDetails
from contract.health.details.zookeeper import ZooKeeperDetails

# name of the probe → class of its details
DETAILS: Mapping[str, type[ProbeDetails]] = MappingProxyType(
    {
        "disk": DiskDetails,
        "source": SourceDetails,
        "postgres": PostgresDetails,
        "backup": BackupDetails,
        "databases": DatabasesDetails,
        "airflow": AirflowDetails,
        "ingest": IngestDetails,
        "zookeeper": ZooKeeperDetails,
        "kafka": KafkaDetails,
        "schema-registry": SchemaRegistryDetails,
        "connect": ConnectDetails,
        "slot": SlotDetails,
        "capture": CaptureDetails,
        "topic": TopicDetails,
        "spark": SparkDetails,
        "cassandra": CassandraDetails,
        "driver": DriverDetails,
        "lag": LagDetails,
        "verification": VerificationDetails,
        "prometheus": PrometheusDetails,
    }
)
