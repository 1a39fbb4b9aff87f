"""AWS: signed requests, and the services that a node calls."""
