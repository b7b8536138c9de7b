"""What a platform is for: one optional setting a workload."""

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
    """A workload that the stack file has."""

    key: str
    """Its field here, and the module in `components.workloads` that builds it."""

    path: Path
    """Its path in YAML."""

    name: str
    """Its part of the names of resources."""

    settings: Workload


class Workloads(Model):
    """Section `ai-platform:workloads`, in the order in which workloads are built: what one calls is above it."""

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

    def wanted(self) -> Iterator[Wanted]:
        """Yield the workloads that the stack file has."""
        for key, field in type(self).model_fields.items():
            workload: Workload | None = getattr(self, key)
            if workload is not None:
                yield Wanted(key, ("workloads", field.alias or key), key.replace("_", "-"), workload)
