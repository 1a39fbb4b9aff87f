"""What the program asks: pgBackRest, the server, and its own files."""
