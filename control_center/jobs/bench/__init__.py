"""How many rows a second go from PostgreSQL to Cassandra, and how long does one take?"""
