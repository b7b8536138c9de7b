"""The LiteLLM gateway."""

from components.workloads.litellm.workload import Litellm
from components.workloads.workload import Build
from config.workloads.litellm import Litellm as Settings

BUILD: Build[Settings] = Litellm
