"""Who may see and do what: login, sessions, roles, the gate before every request, the audit log."""
