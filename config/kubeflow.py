"""Kubeflow: the community's platform of notebooks, pipelines and model servers, with a login of our own."""

from typing import Annotated, Literal

from pydantic import Field

from catalog.reading.model import Model
from catalog.versions import KUBEFLOW
from config.types.names import DnsName
from config.types.programs import PackageVersion
from config.types.text import matching

KubeflowPart = Literal[
    "certificates",
    "istio",
    "login",
    "profiles",
    "admissionWebhook",
    "dashboard",
    "notebooks",
    "pipelines",
    "knative",
    "kserve",
]

PARTS: tuple[KubeflowPart, ...] = (
    "certificates",
    "istio",
    "login",
    "profiles",
    "admissionWebhook",
    "dashboard",
    "notebooks",
    "pipelines",
    "knative",
    "kserve",
)
"""All of them, each after those that it needs."""

NEEDS: dict[KubeflowPart, tuple[KubeflowPart, ...]] = {
    "certificates": (),
    "istio": (),
    "login": ("istio",),
    "profiles": ("istio",),
    "admissionWebhook": ("certificates",),
    "dashboard": ("istio", "login", "profiles"),
    "notebooks": ("istio", "login", "profiles"),
    "pipelines": ("istio", "login", "profiles", "certificates"),
    "knative": ("istio",),
    "kserve": ("certificates", "istio", "knative"),
}
"""What does not work without which others."""

SHARED_NAMESPACES = ("kubeflow", "kubeflow-system")
"""Made with any part: `kubeflow` holds most of them and the gateway that all routes name."""

NAMESPACES: dict[KubeflowPart, tuple[str, ...]] = {
    "certificates": ("cert-manager",),
    "istio": ("istio-system",),
    "login": ("auth", "oauth2-proxy"),
    "knative": ("knative-serving",),
}
"""Which a part has beside the shared ones."""

ManifestSource = Annotated[
    str,
    Field(max_length=200),
    matching(
        r"https://[a-z0-9.-]+(?::\d+)?(?:/[A-Za-z0-9._-]+)+|/?(?:[A-Za-z0-9._-]+/)*[A-Za-z0-9._-]+",
        "is neither the HTTPS address of a Git repository nor a folder; write it like "
        "https://github.com/kubeflow/manifests or manifests",
    ),
]


class Kubeflow(Model):
    """Section `ai-platform:kubeflow`: installed where it stands in the stack file.

    People are the section `tenants`: each logs in with its e-mail address and a password that was made for it.
    """

    version: PackageVersion = KUBEFLOW
    """The release of the community's manifests; no other than the one that the project's own folders name."""

    source: ManifestSource = "https://github.com/kubeflow/manifests"
    """Where the manifests are: a Git repository, or a folder with what `git clone` wrote, seen from the project's
    root. A few name GitHub all the same: docs/decisions/kubeflow.md says how Git finds copies of those."""

    parts: tuple[KubeflowPart, ...] = Field(default=PARTS, min_length=1)
    """What is installed; leave out what nobody uses, and what needs it."""

    host: DnsName | None = None
    """The dashboard's public name, below `ingress.domain`; without one `kubectl port-forward` leads to it."""

    def has(self, part: KubeflowPart) -> bool:
        """Whether a part is installed."""
        return part in self.parts

    def chosen(self) -> tuple[KubeflowPart, ...]:
        """The parts in the order in which they are made, whatever order the stack file has."""
        return tuple(part for part in PARTS if part in self.parts)

    def namespaces(self) -> tuple[str, ...]:
        """The system namespaces of what is installed, in alphabetical order."""
        own = {name for part in self.chosen() for name in NAMESPACES.get(part, ())}
        return tuple(sorted({*own, *SHARED_NAMESPACES}))
