"""Argo CD: new versions of applications from Git."""

from pydantic import Field

from config.model import Model
from config.secrets import SecretKey
from config.types import DnsName, GitRepository, Name, PackageVersion, SlackChannel


class Notifications(Model):
    """What Argo CD says in Slack about each release."""

    token: SecretKey
    """Where the Slack app's token is kept."""

    channel: SlackChannel
    """Such as #releases."""


class GitOps(Model):
    """Section `ai-platform:gitops`: installed where it stands in the stack file.

    The platform makes the Deployments; what lies in Git are the parts of them that releases change, such as images.
    """

    version: PackageVersion | None = None
    """The chart version; the one in config/versions.py when left out."""

    repository: GitRepository
    """The HTTPS address of the repository."""

    revision: str = Field(default="main", min_length=1)
    """The branch or tag that is followed."""

    path: str = Field(default="releases", pattern=r"^[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*$")
    """The folder that holds one folder an environment."""

    credentials: Name | None = None
    """A key of `secrets` with `username` and `password`, for a private repository."""

    application_set: Name | None = None
    """Name of the ApplicationSet; `<project>-services` when left out."""

    notifications: Notifications | None = None
    """What is said in Slack."""

    admin: bool = True
    """Whether the administrator can log in: set it to false once nobody has to make tokens or look around as him."""

    host: DnsName | None = None
    """Argo CD's public name; without one `kubectl port-forward` leads to it, and the release workflow cannot."""
