"""Backups that do not depend on the database's own."""
