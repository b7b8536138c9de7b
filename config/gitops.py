"""Argo CD: new versions of applications from Git."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from catalog.reading.model import Model
from config.overrides import ChartValues
from config.secrets import SecretKey
from config.types.contacts import EmailAddress, SlackChannel
from config.types.names import DnsName, Name
from config.types.programs import GitRepository, PackageVersion
from config.types.references import RepositoryRef, SecretRef
from config.types.times import Duration

NAMESPACE = "argocd"
METRICS_PORTS = {
    "application-controller": 8082,
    "server": 8083,
    "repo-server": 8084,
    "applicationset-controller": 8080,
    "notifications-controller": 9001,
}
"""Where each part shows its metrics: the chart's own ports."""


class Notifications(Model):
    """What Argo CD says in Slack about each release."""

    token: SecretKey
    """Where the Slack app's token is kept."""

    channel: SlackChannel
    """Such as #releases."""


ALLOWED_TAGS = "^prod-[0-9]{8}-[0-9]{4}$"
"""Such as prod-20250714-1752, where the last in the alphabet is the newest, too."""


def _check_expression(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"{value!r} is no regular expression: {error}") from None
    return value


class UpdatedImage(Model):
    """An image whose new versions are looked for."""

    repository: RepositoryRef
    """A key of `repositories`."""

    tags: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_check_expression)] = ALLOWED_TAGS
    """A regular expression of the tags that count."""

    strategy: Literal["alphabetical", "newest-build"] = "alphabetical"
    """The last tag in the alphabet, or the one whose image was built last."""


class ImageUpdater(Model):
    """Argo CD Image Updater: commits new images to the repository of releases, into `kustomization.yaml` of each
    environment's folder, which has to list the images there."""

    version: PackageVersion | None = None
    """The chart version; the one in catalog/versions.py when left out."""

    values: ChartValues = {}
    """Values of the chart, merged last over the platform's own."""

    images: dict[Name, UpdatedImage] = Field(min_length=1)
    """Images by name."""

    environments: tuple[Name, ...] = ()
    """The environments that get them, of those that Argo CD delivers to; all of these when left out."""

    interval: Duration = "2m"
    """How often it looks."""

    email: EmailAddress = "image-updater@argocd.internal"
    """Whose the commits are."""


class GitOps(Model):
    """Section `ai-platform:gitops`: installed where it stands in the stack file.

    The platform makes the Deployments; what lies in Git are the parts of them that releases change, such as images.
    """

    version: PackageVersion | None = None
    """The chart version; the one in catalog/versions.py when left out."""

    values: ChartValues = {}
    """Values of the chart, merged last over the platform's own."""

    repository: GitRepository
    """The HTTPS address of the repository."""

    revision: str = Field(default="main", min_length=1)
    """The branch or tag that is followed."""

    path: str = Field(default="releases", pattern=r"^[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*$")
    """The folder that holds one folder an environment."""

    credentials: SecretRef | None = None
    """A key of `secrets` with `username` and `password`, for a private repository."""

    application_set: Name | None = None
    """Name of the ApplicationSet; `<project>-services` when left out."""

    notifications: Notifications | None = None
    """What is said in Slack."""

    image_updater: ImageUpdater | None = None
    """Looks for new images; nobody does when left out. `credentials` have to let it push."""

    admin: bool = True
    """Whether the administrator can log in: set it to false once nobody has to make tokens or look around as him."""

    host: DnsName | None = None
    """Argo CD's public name; without one `kubectl port-forward` leads to it, and the release workflow cannot."""
