"""The connector manager: keeps Debezium's connector registered and running, and begins epochs."""
