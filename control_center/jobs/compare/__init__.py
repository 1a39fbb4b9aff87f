"""Do PostgreSQL, the topic and Cassandra hold the same people, in every field?"""
