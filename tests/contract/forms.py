"""The form of each column in each store, written by hand: no program derives it."""

from __future__ import annotations

from typing import NamedTuple

TABLE = """\
column               | PostgreSQL       | null? | Avro   | Spark  | Cassandra
id                   | uuid             | no    | string | string | uuid
gender               | varchar(255)     | no    | string | string | text
title                | varchar(255)     | no    | string | string | text
first_name           | varchar(255)     | no    | string | string | text
last_name            | varchar(255)     | no    | string | string | text
street_number        | integer          | no    | int    | int    | int
street_name          | varchar(255)     | no    | string | string | text
city                 | varchar(255)     | no    | string | string | text
state                | varchar(255)     | no    | string | string | text
country              | varchar(255)     | no    | string | string | text
postcode             | varchar(255)     | no    | string | string | text
latitude             | double precision | no    | double | double | double
longitude            | double precision | no    | double | double | double
timezone_offset      | varchar(255)     | no    | string | string | text
timezone_description | varchar(255)     | no    | string | string | text
email                | varchar(255)     | no    | string | string | text
username             | varchar(255)     | no    | string | string | text
date_of_birth        | timestamptz(3)   | no    | string | bigint | timestamp
registered_at        | timestamptz(3)   | no    | string | bigint | timestamp
phone                | varchar(255)     | no    | string | string | text
cell                 | varchar(255)     | no    | string | string | text
id_name              | varchar(255)     | yes   | string | string | text
id_value             | varchar(255)     | yes   | string | string | text
picture_large        | varchar(255)     | no    | string | string | text
picture_medium       | varchar(255)     | no    | string | string | text
picture_thumbnail    | varchar(255)     | no    | string | string | text
nat                  | varchar(255)     | no    | string | string | text
"""


class Form(NamedTuple):
    """The types of one column; `spark` is the type that the streaming job gives to Cassandra."""

    name: str
    postgres: str
    nullable: bool
    avro: str
    spark: str
    cassandra: str


def _form(line: str) -> Form:
    name, postgres, null, avro, spark, cassandra = (cell.strip() for cell in line.split("|"))
    return Form(name, postgres, {"yes": True, "no": False}[null], avro, spark, cassandra)


FORMS = tuple(_form(line) for line in TABLE.splitlines()[1:])
