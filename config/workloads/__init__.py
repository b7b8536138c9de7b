"""What a platform is for: one optional setting a workload."""

from config.model import Model
from config.workloads.mlflow import Mlflow
from config.workloads.vllm import Vllm


class Workloads(Model):
    """Section `ai-platform:workloads`."""

    mlflow: Mlflow | None = None
    """The MLflow tracking server; not built when left out."""

    vllm: Vllm | None = None
    """Language models on GPUs; not built when left out."""
