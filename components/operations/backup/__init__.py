"""Backups in addition to the automated backups of the databases."""
