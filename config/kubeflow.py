"""Kubeflow: notebooks, pipelines and model serving of the community, with a login by Dex."""

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
    "katib",
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
    "katib",
)
"""All parts, in dependency order."""

DEFAULT_PARTS = tuple(part for part in PARTS if part != "katib")
"""Katib has one store of metrics for all tenants, without a login: docs/decisions/kubeflow.md."""

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
    "katib": ("certificates", "istio", "login", "profiles"),
}
"""The parts that each part requires."""

SHARED_NAMESPACES = ("kubeflow", "kubeflow-system")
"""Namespaces of every installation: `kubeflow` has most parts and the gateway of all routes."""

NAMESPACES: dict[KubeflowPart, tuple[str, ...]] = {
    "certificates": ("cert-manager",),
    "istio": ("istio-system",),
    "login": ("auth", "oauth2-proxy"),
    "knative": ("knative-serving",),
}
"""Namespaces of a part, in addition to the shared ones."""

KATIB_DATABASE = "kubeflow-katib"
"""Name in Secrets Manager, below the project's name, of the password of Katib's database. It is not below `kubeflow/`,
whose secrets Dex's role reads."""

ManifestSource = Annotated[
    str,
    Field(max_length=200),
    matching(
        r"https://[a-z0-9.-]+(?::\d+)?(?:/[A-Za-z0-9._-]+)+|/?(?:[A-Za-z0-9._-]+/)*[A-Za-z0-9._-]+",
        "is neither the HTTPS URL of a Git repository nor a directory; write it like "
        "https://github.com/kubeflow/manifests or manifests",
    ),
]


Sha256 = Annotated[
    str, matching(r"[a-f0-9]{64}", "is not a SHA-256 digest; copy the 64 characters that `aiplatform manifests` prints")
]


class NotebookCulling(Model):
    """Setting `kubeflow.culling`: idle notebooks are stopped, and their volumes stay.

    A notebook is idle while none of its kernels computes. Its user starts it again on the page of notebooks.
    """

    enabled: bool = True
    """Whether idle notebooks are stopped."""

    idle_minutes: int = Field(default=1440, ge=5, le=43_200)
    """Minutes after which an idle notebook is stopped."""

    check_minutes: int = Field(default=5, ge=1, le=1440)
    """Minutes between two checks of a notebook."""


class Kubeflow(Model):
    """Section `ai-platform:kubeflow`: Kubeflow is installed if the stack file has this section.

    Its users are the tenants of section `tenants`: each logs in with an e-mail address and a generated password.
    """

    version: PackageVersion = KUBEFLOW
    """Release of the community's manifests; only the default is supported."""

    source: ManifestSource = "https://github.com/kubeflow/manifests"
    """Source of the manifests: a Git repository, or a directory that `aiplatform manifests` wrote, relative to the
    project's root. Manifests in Git refer to other repositories, which `pulumi up` reads, too; the directory is
    complete."""

    sha256: Sha256 | None = None
    """Digest of the directory, which `aiplatform manifests` prints: the preview and `pulumi up` compare it."""

    parts: tuple[KubeflowPart, ...] = Field(default=DEFAULT_PARTS, min_length=1)
    """Parts to install. Default: all except `katib`. To omit a part, omit those that require it, too."""

    host: DnsName | None = None
    """Public host name of the dashboard, in `ingress.domain`. Default: none; use `kubectl port-forward`."""

    culling: NotebookCulling = NotebookCulling()
    """Stops idle notebooks, which otherwise keep their CPU, memory and GPUs."""

    def is_remote(self) -> bool:
        """Return whether the manifests come from a Git repository."""
        return self.source.startswith("https://")

    def has(self, part: KubeflowPart) -> bool:
        """Return whether a part is installed."""
        return part in self.parts

    def chosen(self) -> tuple[KubeflowPart, ...]:
        """Return the parts in installation order, independent of their order in the stack file."""
        return tuple(part for part in PARTS if part in self.parts)

    def namespaces(self) -> tuple[str, ...]:
        """Return the system namespaces of the installed parts in alphabetical order."""
        own = {name for part in self.chosen() for name in NAMESPACES.get(part, ())}
        return tuple(sorted({*own, *SHARED_NAMESPACES}))
