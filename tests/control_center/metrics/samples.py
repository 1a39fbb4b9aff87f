"""Metrics as Prometheus writes them."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client.core import Metric


def values(families: Iterable[Metric]) -> dict[str, float]:
    """Sample, such as riada_probe_up{probe=kafka} → value."""
    return {
        sample.name + "".join(f"{{{key}={text}}}" for key, text in sample.labels.items()): (
            sample.value
        )
        for family in families
        for sample in family.samples
    }
