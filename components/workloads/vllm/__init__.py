"""Language models with an OpenAI-compatible API."""

from components.workloads.vllm.workload import Vllm
from components.workloads.workload import Build
from config.workloads.vllm import Vllm as Settings

BUILD: Build[Settings] = Vllm
