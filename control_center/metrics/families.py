"""Families of metrics with labels. A family with an unknown value has no sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

Labels = tuple[str, ...]


def counter(name: str, text: str, values: Mapping[str, float]) -> Metric:
    """A counter by table; the format adds _total to its name."""
    family = CounterMetricFamily(name, text, labels=["table"])
    for table, value in values.items():
        family.add_metric([table], value)
    return family


def by_database(name: str, text: str, values: Mapping[str, float | None]) -> Metric:
    """A gauge with the label database, which Riada's own database has not."""
    known: dict[Labels, float] = {
        (database,): value for database, value in values.items() if value is not None
    }
    return labelled(name, text, ["database"], known)


def labelled(name: str, text: str, labels: Sequence[str], values: Mapping[Labels, float]) -> Metric:
    """A gauge with labels. An empty value is no label: Prometheus takes both for the same."""
    family = GaugeMetricFamily(name, text, labels=labels)
    for key, value in values.items():
        given = {label: text for label, text in zip(labels, key, strict=True) if text}
        family.add_sample(name, given, float(value))
    return family
