"""The keyspace of Riada's tables in Cassandra."""

KEYSPACE = "people"


def create(replication_factor: int) -> list[str]:
    """Idempotent CQL, one statement each."""
    replication = f"{{'class': 'NetworkTopologyStrategy', 'dc1': {replication_factor}}}"
    return [
        f"CREATE KEYSPACE IF NOT EXISTS {KEYSPACE} WITH replication = {replication}",
        f"ALTER KEYSPACE {KEYSPACE} WITH replication = {replication}",
    ]
