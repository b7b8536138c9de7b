"""What a platform is for: one optional setting a workload."""

from catalog.reading.model import Model
from config.workloads.kafka import Kafka
from config.workloads.litellm import Litellm
from config.workloads.mlflow import Mlflow
from config.workloads.open_webui import OpenWebui
from config.workloads.redis import Redis
from config.workloads.vllm import Vllm


class Workloads(Model):
    """Section `ai-platform:workloads`."""

    mlflow: Mlflow | None = None
    """The MLflow tracking server; not built when left out."""

    vllm: Vllm | None = None
    """Language models on GPUs; not built when left out."""

    litellm: Litellm | None = None
    """The gateway to all models, with keys and budgets; not built when left out."""

    open_webui: OpenWebui | None = None
    """Pages where people talk to models; not built when left out."""

    kafka: Kafka | None = None
    """Kafka; not built when left out."""

    redis: Redis | None = None
    """Redis with replicas and Sentinels; not built when left out."""

    def caches(self) -> dict[str, str]:
        """The caches that workloads use, by the workload's name in names."""
        found = {"litellm": self.litellm, "open-webui": self.open_webui}
        return {name: workload.cache for name, workload in found.items() if workload is not None}


CACHE_CHANNELS = {"open-webui": ("socketio",)}
"""Channels that do not begin as a workload's keys do: https://python-socketio.readthedocs.io/en/stable/server.html"""
