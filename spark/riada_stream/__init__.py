"""The streaming job: Kafka → Cassandra. The packages import each other in this order: runtime,
settings, source, checkpoint, sink, driver."""
