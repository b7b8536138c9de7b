"""Names that the tenants' PostgreSQL and its clients share."""

from pathlib import Path

from config.tenants import Tenant

FOLDER = Path(__file__).parent / "postgresql_files"
SERVER_APP = "postgres"
SERVICE = "postgres"
PORT = 5432
MLFLOW_APP = "mlflow-server"
"""The label `app` of MLflow's pods, by which network policies allow them to connect from the tenants' namespaces."""


def database_user(tenant: Tenant) -> str:
    """Return the user of a tenant, which is also its database's name: a user can connect to no other database."""
    return f"mlflow_{tenant.name.replace('-', '_')}"
