"""Language models behind the API of OpenAI."""

from components.workloads.vllm.workload import Vllm

__all__ = ["Vllm"]
