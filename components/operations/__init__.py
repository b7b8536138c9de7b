"""Monitoring, alarms, scheduled stop and start, budgets and backups of the platform."""
