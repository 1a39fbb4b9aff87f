"""Who may see and do what: login, sessions, roles, the check of every request, the audit log."""
