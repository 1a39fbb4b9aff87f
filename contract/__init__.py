"""Facts that several programs or languages share: tables, topics, versions, records of the API."""
