"""The keyspace of Riada's tables in Cassandra."""

KEYSPACE = "people"
