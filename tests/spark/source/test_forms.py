"""The streaming job gives each column to Cassandra with the type of tests/contract/forms.py."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession
from riada_stream.source.decode import decode_events, lenient_reader, reader
from riada_stream.source.validation import validated

from tests.contract.forms import FORMS
from tests.spark.samples import SCHEMAS, USERS, key, records, value


@pytest.mark.parametrize("schema", [reader(USERS), lenient_reader(USERS)])
def test_spark(spark: SparkSession, schema: str) -> None:
    events = decode_events(records(spark, [(key(), value())]), USERS, SCHEMAS, schema)
    frame = validated(events, USERS)
    types = {field.name: field.dataType.simpleString() for field in frame.schema}
    assert {form.name: types.get(f"row_{form.name}") for form in FORMS} == {
        form.name: form.spark for form in FORMS
    }
