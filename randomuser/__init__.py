"""A service that speaks the randomuser API 1.4, so that the platform runs without the internet."""
