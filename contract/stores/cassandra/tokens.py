"""The tokens of Murmur3Partitioner, by which Cassandra orders partitions."""

FIRST_TOKEN, LAST_TOKEN = -(2**63), 2**63 - 1  # no row has the first one
