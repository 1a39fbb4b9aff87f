"""Access control: login, sessions, roles, the check of every request, and the audit log."""
