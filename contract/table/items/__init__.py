"""Values of JSON → values that PostgreSQL's types take. Each file has a family of types."""
