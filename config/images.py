"""The registry that container images come from."""

from typing import Annotated

from pydantic import Field

from catalog.reading.model import Model
from config.types.text import matching

Registry = Annotated[
    str,
    Field(max_length=255),
    matching(
        r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+(?::\d{1,5})?(?:/[a-z0-9]+(?:[._-][a-z0-9]+)*)*",
        "is not a registry with an optional prefix; write it without https:// and without a slash at the end, like "
        "111122223333.dkr.ecr.us-west-2.amazonaws.com/mirror",
    ),
]


class Images(Model):
    """Section `ai-platform:images`."""

    registry: Registry | None = Field(
        default=None, examples=["111122223333.dkr.ecr.us-west-2.amazonaws.com/mirror", "registry.shop.internal:5000"]
    )
    """Registry, with an optional prefix, that mirrors every image of charts, workloads, applications, Jobs and EC2
    instances: ghcr.io/mlflow/mlflow:v3 is pulled from <registry>/mlflow/mlflow:v3. Images in ECR in the same region are
    unchanged. `aiplatform images` lists what to copy. Default: each image's own registry."""
