"""Rows of `users` from Kafka to Cassandra, in the source's commit order."""
