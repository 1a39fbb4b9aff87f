"""A restore: the request, the work before the server starts, and the test of a backup."""
