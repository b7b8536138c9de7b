"""Where Helm charts come from."""

from typing import Literal

from pydantic import Field

from catalog.reading.model import Model


class Charts(Model):
    """Section `ai-platform:charts`."""

    source: Literal["repository", "oci", "folder"] = "repository"
    """The charts' own repositories; one OCI registry that mirrors them; or a folder with what `helm pull` wrote."""

    location: str | None = Field(
        default=None, examples=["oci://111122223333.dkr.ecr.us-west-2.amazonaws.com/charts", "charts"]
    )
    """The `oci://` address or the folder; the folder is seen from the project's root."""
