"""What a node does to become ready, a module for each step."""
