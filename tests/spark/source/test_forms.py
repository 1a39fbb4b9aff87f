"""The streaming job gives each column to Cassandra with the type of tests/contract/forms.py."""

from __future__ import annotations

from pyspark.sql import SparkSession
from riada_stream.source.decode import LENIENT, READER, decode_events
from riada_stream.source.validation import validated

from tests.contract.forms import FORMS
from tests.spark.samples import SCHEMAS, key, records, value


def test_spark(spark: SparkSession) -> None:
    for reader in (READER, LENIENT):
        frame = validated(decode_events(records(spark, [(key(), value())]), SCHEMAS, reader))
        types = {field.name: field.dataType.simpleString() for field in frame.schema}
        assert {form.name: types.get(form.name) for form in FORMS} == {
            form.name: form.spark for form in FORMS
        }
