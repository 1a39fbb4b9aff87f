"""The name of a service by its address."""

from __future__ import annotations

import pytest

from contract.health.component import component_of


@pytest.mark.parametrize(
    ("address", "component"),
    [
        ("kafka-1", "kafka-1"),
        ("kafka-1:9092", "kafka-1"),
        ("kafka-1.riada.internal:9092", "kafka-1"),
        ("http://schema-registry:8081/apis/ccompat/v7", "schema-registry"),
        ("https://randomuser.me/api/", "randomuser"),
        ("http://10.0.0.7:9090", "10.0.0.7"),
        ("[::1]:9042", "::1"),
    ],
)
def test_a_service_by_its_address(address: str, component: str) -> None:
    assert component_of(address) == component
