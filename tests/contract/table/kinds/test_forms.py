"""Each kind has the forms of tests/contract/table/kinds/forms.py in every store."""

from __future__ import annotations

import pytest

from contract.table.kinds.error import KindError
from contract.table.kinds.parse import PARSERS, parse
from tests.contract.table.kinds.forms import FORMS, Form, Value
from tests.contract.table.kinds.refused import REFUSED

VALUES = [(form, value) for form in FORMS for value in form.values]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.spec)
def test_types(form: Form) -> None:
    kind = parse(form.spec)
    assert kind.spec == form.spec
    assert kind.avro == form.avro
    assert kind.cassandra == form.cassandra
    for name in form.names:
        assert parse(name) == kind


def test_every_kind_has_its_forms() -> None:
    kinds = {type(parse(form.spec)) for form in FORMS}
    assert len(kinds) == len(PARSERS) + 1  # and arrays


@pytest.mark.parametrize(("form", "value"), VALUES, ids=lambda it: getattr(it, "spec", None))
def test_equal_values_of_all_stores_have_one_canonical_form(form: Form, value: Value) -> None:
    kind = parse(form.spec)
    forms = {
        "PostgreSQL": kind.canonical(value.postgres),
        "event": kind.canonical(kind.event_value(value.event)),
        "Cassandra": kind.canonical(value.cassandra),
        "canonical form": kind.canonical(value.canonical),
        "what Cassandra's driver takes": kind.canonical(kind.bind(value.canonical)),
    }
    for name, canonical in forms.items():
        assert canonical == value.canonical, name
        assert type(canonical) is type(value.canonical), name


@pytest.mark.parametrize(("form", "value"), VALUES, ids=lambda it: getattr(it, "spec", None))
def test_the_values_are_inside_the_domain(form: Form, value: Value) -> None:
    kind = parse(form.spec)
    assert kind.cause(value.postgres) is None
    assert kind.cause(kind.event_value(value.event)) is None


@pytest.mark.parametrize(("form", "value"), VALUES, ids=lambda it: getattr(it, "spec", None))
def test_the_key_of_an_event_is_written_as_debezium_writes_it(form: Form, value: Value) -> None:
    kind = parse(form.spec)
    if kind.in_key:
        event = kind.to_event(value.canonical)
        assert type(event) is type(value.event)
        assert kind.canonical(kind.event_value(event)) == value.canonical


@pytest.mark.parametrize("spec", REFUSED)
def test_a_type_without_an_exact_form_is_refused_with_the_choices(spec: str) -> None:
    with pytest.raises(KindError) as raised:
        parse(spec)
    error = raised.value
    assert error.options == REFUSED[spec]
    assert str(error).startswith(f"{spec}: {error.reason}")
    for option in REFUSED[spec]:
        assert option in str(error)


NOT_IN_A_KEY = ["float4", "float8", "numeric", "json", "jsonb", "bytea", "interval", "text[]"]


@pytest.mark.parametrize("spec", NOT_IN_A_KEY)
def test_not_in_a_key(spec: str) -> None:
    assert not parse(spec).in_key


@pytest.mark.parametrize("spec", ["uuid", "int8", "bool", "numeric(5,2)", "date", "inet", "text"])
def test_in_a_key(spec: str) -> None:
    assert parse(spec).in_key


@pytest.mark.parametrize("spec", ["text", "varchar(256)", "bytea", "json", "int4[]"])
def test_not_indexable(spec: str) -> None:
    assert not parse(spec).indexable
    assert parse("varchar(255)").indexable


# column "c" → the SQL that copies a large value, which PostgreSQL keeps apart
COPIES = {
    "text": "\"c\" || ''",
    "bytea": "\"c\" || ''::bytea",
    "jsonb": '"c"::text::jsonb',
    "json": '"c"::text::json',
    "numeric": '"c" + 0',
    "varchar(3)[]": '"c"::text::varchar(3)[]',
    "int4": None,
    "date": None,
    "interval": None,
    "enum(public.mood)": None,
}


@pytest.mark.parametrize("spec", COPIES)
def test_copies(spec: str) -> None:
    assert parse(spec).copy('"c"') == COPIES[spec]
