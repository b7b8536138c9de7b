"""Settings of workloads: one optional setting for each."""

from collections.abc import Iterator
from typing import NamedTuple

from catalog.reading.model import Model
from catalog.reading.problems import Path
from config.workloads.kafka import Kafka
from config.workloads.litellm import Litellm
from config.workloads.mlflow import Mlflow
from config.workloads.open_webui import OpenWebui
from config.workloads.redis import Redis
from config.workloads.vllm import Vllm
from config.workloads.workload import Workload


class Wanted(NamedTuple):
    """A workload of the stack file."""

    key: str
    """Name of its field in `Workloads`, and of its module in `components.workloads`."""

    path: Path
    """Path in YAML."""

    name: str
    """Name of the workload in names of resources."""

    settings: Workload


class Workloads(Model):
    """Section `ai-platform:workloads`, in dependency order: a workload is defined after those that it calls."""

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

    def response(self, key: str) -> tuple[int, Path]:
        """Return the longest response of a workload, by the name of its field, and the setting that decides it.

        A workload waits for the responses of those that it asks.
        """
        known = {one.key: one for one in self.wanted()}
        own = known[key]
        asked = [self.response(other) for other in own.settings.asks() if other in known]
        return max([(own.settings.response_seconds(), (*own.path, *own.settings.RESPONSE_SETTING)), *asked])

    def wanted(self) -> Iterator[Wanted]:
        """Yield the workloads of the stack file in dependency order."""
        for key, field in type(self).model_fields.items():
            workload: Workload | None = getattr(self, key)
            if workload is not None:
                yield Wanted(key, ("workloads", field.alias or key), key.replace("_", "-"), workload)
