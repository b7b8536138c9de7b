"""Tenants: isolated users of a shared cluster."""
