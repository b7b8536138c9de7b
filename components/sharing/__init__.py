"""Environments and tenants of a shared cluster, and their isolation."""
