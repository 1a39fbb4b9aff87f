"""The HTTP API: JSON on port 9021, one router for each noun."""
