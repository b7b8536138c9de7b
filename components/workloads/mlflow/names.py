"""What the parts of MLflow call each other."""

SERVICE = "mlflow"
DATABASE_USER = "mlflow_app"
"""Not the master user: that one's password rotates every week."""

SCRIPTS = "mlflow-scripts"
"""The ConfigMap with what Jobs run."""

ADMIN = "admin"
USERS_DATABASE = "mlflow_auth"
"""MLflow's users. A database of its own: in one with the runs, their two migrations depend on their order."""

USER_ID = 1000
SCRATCH = "/tmp"  # noqa: S108, a volume of the pod
CLIENT_LABEL = {"ai-platform/mlflow-client": "true"}
"""Namespaces with this label reach the server inside the cluster."""
