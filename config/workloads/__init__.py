"""Settings of workloads: one optional setting for each."""

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
    """MLflow tracking server; none by default."""

    vllm: Vllm | None = None
    """Language models on GPUs, served by vLLM; none by default."""

    litellm: Litellm | None = None
    """LiteLLM, the gateway to all models, with virtual keys and budgets; none by default."""

    open_webui: OpenWebui | None = None
    """Open WebUI, a chat front end; none by default."""

    kafka: Kafka | None = None
    """Kafka; none by default."""

    redis: Redis | None = None
    """Redis with replicas and Sentinels; none by default."""

    def caches(self) -> dict[str, str]:
        """Return the caches that workloads use, by the workload's name in AWS names."""
        found = {"litellm": self.litellm, "open-webui": self.open_webui}
        return {name: workload.cache for name, workload in found.items() if workload is not None}


CACHE_CHANNELS = {"open-webui": ("socketio",)}
"""Pub/sub channels of a workload outside its key prefix: https://python-socketio.readthedocs.io/en/stable/server.html"""
