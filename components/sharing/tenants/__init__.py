"""Tenants: people who share a cluster and do not meet."""
