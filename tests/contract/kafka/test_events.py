"""The Confluent wire format of a change event."""

from __future__ import annotations

import pytest

from contract.kafka.events import prefix, schema_id


def test_the_prefix_is_a_zero_and_the_id_in_four_bytes() -> None:
    assert prefix(0x01020304) == b"\x00\x01\x02\x03\x04"
    assert schema_id(b"\x00\x01\x02\x03\x04") == 0x01020304


@pytest.mark.parametrize("number", [0, 7, 255, 65_536, 0xFFFFFFFF])
def test_the_id_is_read_from_the_first_bytes(number: int) -> None:
    assert schema_id(prefix(number)) == number
    assert schema_id(prefix(number) + b"\x08Avro") == number


@pytest.mark.parametrize("value", [b"", b"\x00", b"\x00\x00\x00\x07", b'{"id": 7}'])
def test_other_bytes_have_no_schema_id(value: bytes) -> None:
    assert schema_id(value) is None
