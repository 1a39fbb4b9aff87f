"""Makes Cassandra equal to PostgreSQL again, through the pipeline itself."""
