"""What a platform is for. A new workload is a folder here, a model in config/workloads, and a line in WORKLOADS."""

from components.workloads.mlflow import Mlflow

WORKLOADS = {"mlflow": Mlflow}
"""By their setting in `workloads`, in the order in which they are built."""
