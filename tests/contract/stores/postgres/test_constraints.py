"""The domain of each column as a constraint of PostgreSQL."""

from __future__ import annotations

from contract.stores.postgres import constraints

TEXTS = (
    "gender, title, first_name, last_name, street_name, city, state, country, postcode, "
    "timezone_offset, timezone_description, email, username, phone, cell, id_name, id_value, "
    "picture_large, picture_medium, picture_thumbnail, nat"
)
PERIOD = "'1582-10-15T00:00:00+00:00' AND '9999-12-31T23:59:59.999000+00:00'"
CONDITIONS = {
    "users_text_is_not__debezium_unavailable_value": (
        f"'__debezium_unavailable_value' NOT IN ({TEXTS})"
    ),
    "users_latitude_is_finite": "abs(latitude) <= 1.7976931348623157e+308::double precision",
    "users_longitude_is_finite": "abs(longitude) <= 1.7976931348623157e+308::double precision",
    "users_date_of_birth_from_1582_10_15_to_9999_12_31": f"date_of_birth BETWEEN {PERIOD}",
    "users_registered_at_from_1582_10_15_to_9999_12_31": f"registered_at BETWEEN {PERIOD}",
}


def test_conditions() -> None:
    assert constraints.conditions() == CONDITIONS


def test_a_row_is_inside_when_no_condition_is_false() -> None:
    inside = constraints.inside()
    assert inside.split(" AND (")[0] == (
        f"({CONDITIONS['users_text_is_not__debezium_unavailable_value']}) IS NOT FALSE"
    )
    assert inside == " AND ".join(
        f"({condition}) IS NOT FALSE" for condition in CONDITIONS.values()
    )


def test_ddl_makes_each_constraint() -> None:
    ddl = constraints.ddl()
    values = ",\n        ".join(
        f"('{name}', $${condition}$$)" for name, condition in CONDITIONS.items()
    )
    assert f"FROM (VALUES\n        {values}\n    ) AS wanted" in ddl
    assert ddl.startswith(f"{constraints.VALIDATE}\nDO $do$")
    assert "CONDITIONS" not in ddl
