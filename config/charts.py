"""Source of Helm charts."""

from typing import Literal

from pydantic import Field

from catalog.reading.model import Model


class Charts(Model):
    """Section `ai-platform:charts`."""

    source: Literal["repository", "oci", "folder"] = "repository"
    """Source: the charts' own repositories, an OCI registry that mirrors them, or a directory written by `helm
    pull`."""

    location: str | None = Field(
        default=None, examples=["oci://111122223333.dkr.ecr.us-west-2.amazonaws.com/charts", "charts"]
    )
    """The `oci://` URL, or the directory relative to the project's root."""

    def file(self, name: str, version: str) -> str:
        """Return the path of a chart in the directory, as `helm pull` writes it, relative to the project's root."""
        return f"{self.location}/{name}-{version}.tgz"
