"""Names that the parts of MLflow share."""

SERVICE = "mlflow"
DATABASE_USER = "mlflow_app"
"""Not the master user, whose password is rotated every week."""

SCRIPTS = "mlflow-scripts"
"""The ConfigMap with the scripts of Jobs."""

ADMIN = "admin"
USERS_DATABASE = "mlflow_auth"
"""MLflow's users, in a separate database: in the runs' database, the two migrations would depend on their order."""

USER_ID = 1000
SCRATCH = "/tmp"  # noqa: S108, a volume of the pod
CLIENT_LABEL = {"ai-platform/mlflow-client": "true"}
"""Namespaces with this label can connect to the server inside the cluster."""
