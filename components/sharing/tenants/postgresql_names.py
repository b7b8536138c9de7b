"""What the tenants' PostgreSQL and its clients call each other."""

from pathlib import Path

from config.tenants import Tenant

FOLDER = Path(__file__).parent / "postgresql_files"
SERVER_APP = "postgres"
SERVICE = "postgres"
PORT = 5432
MLFLOW_APP = "mlflow-server"
"""The label `app` of MLflow's pods, by which they reach the server from the tenants' namespaces."""


def database_user(tenant: Tenant) -> str:
    """The user of a tenant, and its database: PostgreSQL lets nobody into a database of another name."""
    return f"mlflow_{tenant.name.replace('-', '_')}"
