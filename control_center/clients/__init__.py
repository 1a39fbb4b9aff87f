"""Long-lived, cheap connections to the platform's components."""
