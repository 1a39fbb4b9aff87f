"""The table that the workload writes, and where it keeps how far it has come."""

from __future__ import annotations

from contract.table import file
from contract.table.table import Table

NAME = "workload"
_COLUMNS = """\
key = ["id"]

[columns]
id = "int8"
step = "int8"
word = "varchar(255)"
amount = "numeric(12,2) null"
at = "timestamptz(3)"
flag = "bool"
tags = "int4[] null"
note = "text null"
"""
# A later schema change adds it.
ADDED = "added"
FILE = _COLUMNS
FILE_WITH_ADDED = f'{_COLUMNS}{ADDED} = "varchar(40) null"\n'

PROGRESS = "workload.progress"
# Transactions of a step at most; each part has a row.
PARTS = 8
SCHEMA = f"""\
CREATE SCHEMA IF NOT EXISTS workload AUTHORIZATION application;
CREATE TABLE IF NOT EXISTS {PROGRESS} (part integer PRIMARY KEY, step bigint NOT NULL);
ALTER TABLE {PROGRESS} OWNER TO application;
INSERT INTO {PROGRESS} SELECT part, -1 FROM generate_series(0, {PARTS - 1}) AS part
ON CONFLICT (part) DO UPDATE SET step = -1;
"""


def table(with_added: bool = False) -> Table:
    return file.read(NAME, FILE_WITH_ADDED if with_added else FILE)
