"""What capture needs in another PostgreSQL: facts of the server, and the statements that are
missing there."""
