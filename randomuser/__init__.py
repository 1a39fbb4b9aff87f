"""A server of the randomuser API 1.4, with which the platform runs without internet."""
