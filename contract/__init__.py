"""The users table, defined once: PostgreSQL, Avro, Spark and Cassandra are derived from it."""
