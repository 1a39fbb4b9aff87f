"""How many replicas a size allows. infra/modules/kafka and infra/modules/cassandra have the same
rule."""


def most_replicas(nodes: int) -> int:
    """The number of replicas of each partition or row."""
    return min(3, nodes)
