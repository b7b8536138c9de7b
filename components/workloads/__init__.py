"""What a platform is for. A new workload is a folder here, a model in config/workloads, and a line in WORKLOADS."""

from components.workloads.kafka import Kafka
from components.workloads.litellm import Litellm
from components.workloads.mlflow import Mlflow
from components.workloads.open_webui import OpenWebui
from components.workloads.redis import Redis
from components.workloads.vllm import Vllm

WORKLOADS = {
    "mlflow": Mlflow,
    "vllm": Vllm,
    "litellm": Litellm,
    "open_webui": OpenWebui,
    "kafka": Kafka,
    "redis": Redis,
}
"""By their setting in `workloads`, in the order in which they are built."""
