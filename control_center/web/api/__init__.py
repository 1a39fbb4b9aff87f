"""The HTTP face: JSON on port 9021."""
