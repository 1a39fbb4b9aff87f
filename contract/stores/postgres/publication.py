"""The publication of PostgreSQL that holds every delivered table. docker/postgres/sql makes it."""

PUBLICATION = "riada"
