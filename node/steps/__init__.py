"""The steps by which a node becomes ready, one module for each."""
