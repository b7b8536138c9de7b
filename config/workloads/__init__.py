"""What a platform is for: one optional setting a workload."""

from config.model import Model
from config.workloads.mlflow import Mlflow


class Workloads(Model):
    """Section `ai-platform:workloads`."""

    mlflow: Mlflow | None = None
    """The MLflow tracking server; not built when left out."""
