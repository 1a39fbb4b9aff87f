"""A seeded workload of one table. Its final state follows from the seed and the number of steps."""
