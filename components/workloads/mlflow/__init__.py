"""The MLflow tracking server and model registry."""

from components.workloads.mlflow.workload import Mlflow

__all__ = ["Mlflow"]
