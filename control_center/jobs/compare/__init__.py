"""Do PostgreSQL, the topic and Cassandra hold the same rows of a table, in every field?"""
