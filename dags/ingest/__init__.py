"""What ingest_users is made of: the API, one batch, its pace, the table."""
