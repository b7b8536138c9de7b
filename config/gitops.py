"""Argo CD: delivery of new versions of applications from Git."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from catalog.reading.model import Model
from config.overrides import ChartValues, Refused, of_chart
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
"""Metrics port of each component, as in the chart."""


Values = Annotated[
    dict[str, Any],
    of_chart(
        Refused(
            ("configs.params.server.insecure", "configs.params.server.rootpath", "configs.params.server.basehref"),
            "the load balancer and the release workflow depend on it",
        ),
        Refused(("configs.cm.url", "configs.cm.admin.enabled"), "use host and admin"),
    ),
]
"""Values of argo-cd."""


class Notifications(Model):
    """Notifications of Argo CD in Slack about each release."""

    token: SecretKey
    """Secret with the token of the Slack app."""

    channel: SlackChannel
    """Slack channel, such as #releases."""


ALLOWED_TAGS = "^prod-[0-9]{8}-[0-9]{4}$"
"""Tags such as prod-20250714-1752, whose alphabetical order is their order in time."""


_NOT_OF_GO = re.compile(r"\(\?(?:[=!>]|<[=!]|\(|P=)|(?<!\\)\\[1-9]|[*+?}]\+|\\Z")
"""What Python's regular expressions have beside those of Go: https://github.com/google/re2/wiki/Syntax"""


def _check_expression(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"{value!r} is not a regular expression: {error}") from None
    other = _NOT_OF_GO.search(value)
    if other is not None:
        raise ValueError(
            f"{value!r} has {other[0]}, which regular expressions of Go do not support; write what is allowed instead"
        )
    return value


class UpdatedImage(Model):
    """An image that is updated to new versions."""

    repository: RepositoryRef
    """The repository: a key of `repositories`."""

    tags: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_check_expression)] = ALLOWED_TAGS
    """Regular expression of allowed tags."""

    strategy: Literal["alphabetical", "newest-build"] = "alphabetical"
    """Which tag is the newest: the last in alphabetical order, or the one with the newest build."""


class ImageUpdater(Model):
    """Argo CD Image Updater: commits new images to the repository of releases, in `kustomization.yaml` of each
    environment's directory, which must list the images."""

    version: PackageVersion | None = None
    """Chart version. Default: the one in catalog/versions.py."""

    values: ChartValues = {}
    """Values of the chart, merged last over the platform's own."""

    images: dict[Name, UpdatedImage] = Field(min_length=1)
    """Images by name."""

    environments: tuple[Name, ...] = ()
    """Environments that are updated, of those with a delivery. Default: all of them."""

    interval: Duration = "2m"
    """Interval of checks for new images."""

    email: EmailAddress = "image-updater@argocd.internal"
    """E-mail address of the author of commits."""


class GitOps(Model):
    """Section `ai-platform:gitops`: Argo CD is installed if the stack file has this section.

    The platform creates the Deployments; Git has only the fields that releases change, such as images.
    """

    version: PackageVersion | None = None
    """Chart version. Default: the one in catalog/versions.py."""

    values: Values = {}
    """Values of the chart, merged last over the platform's own."""

    repository: GitRepository
    """HTTPS URL of the repository."""

    revision: str = Field(default="main", min_length=1)
    """Branch or tag."""

    path: str = Field(default="releases", pattern=r"^[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*$")
    """Directory that has a directory for each environment."""

    credentials: SecretRef | None = None
    """A key of `secrets` with `username` and `password`, for a private repository."""

    application_set: Name | None = None
    """Name of the ApplicationSet. Default: `<project>-services`."""

    notifications: Notifications | None = None
    """Notifications in Slack."""

    image_updater: ImageUpdater | None = None
    """Updates images; none by default. Requires `credentials` that can push."""

    admin: bool = True
    """Whether the built-in administrator can log in; set it to false when you no longer create tokens with it."""

    host: DnsName | None = None
    """Public host name of Argo CD. Default: none; then it is reachable by `kubectl port-forward`, but not by the
    release workflow."""
