"""The LiteLLM gateway."""

from components.workloads.litellm.workload import Litellm

__all__ = ["Litellm"]
