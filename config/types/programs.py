"""Images, versions, Git repositories, paths, environment variables and metrics."""

from dataclasses import dataclass
from typing import Annotated

from config.types.text import matching


@dataclass(frozen=True)
class ImageName:
    """Marks every image of a stack file."""


Image = Annotated[
    str,
    ImageName(),
    matching(
        r"[a-z0-9][a-z0-9.-]*(?::\d+)?(?:/[a-z0-9][a-z0-9._-]*)+(?::(?!latest$)[\w][\w.-]{0,127})?(?:@sha256:[a-f0-9]{64})?",
        "is not an image with registry and tag; write it like ghcr.io/mlflow/mlflow:v3.17.2-full, without :latest",
    ),
    matching(r".+/.+(?::.+|@sha256:.+)", "has no tag; write it like ghcr.io/mlflow/mlflow:v3.17.2-full"),
]

PackageVersion = Annotated[
    str, matching(r"v?\d+\.\d+(?:\.\d+)?(?:[-+][A-Za-z0-9.-]+)?", "is not a version; write it in quotes like '3.5.0'")
]

KubernetesVersion = Annotated[str, matching(r"1\.\d{2}", "is not a Kubernetes version; write it in quotes like '1.35'")]

AmiRelease = Annotated[
    str,
    matching(
        r"1\.\d{1,2}\.\d{1,2}-(?:\d{8}|[0-9a-f]{8})",
        "is not a release of an AMI; write it like 1.36.4-20260930, or 1.58.0-c5c37032 of Bottlerocket",
    ),
]

GitRepository = Annotated[
    str,
    matching(
        r"https://[a-z0-9.-]+(?::\d+)?(?:/[A-Za-z0-9._-]+)+",
        "is not the HTTPS URL of a Git repository; write it like https://github.com/you/releases",
    ),
]

AbsolutePath = Annotated[
    str,
    matching(
        r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._-]+)+", "is not an absolute path; write it like /models or /var/lib/models"
    ),
]

EnvironmentVariable = Annotated[
    str,
    matching(r"[A-Za-z_][A-Za-z0-9_]*", "is not the name of an environment variable; write it like LOG_LEVEL"),
]

MetricName = Annotated[
    str,
    matching(r"[a-zA-Z_:][a-zA-Z0-9_:]*", "is not a Prometheus metric name; write it like http_requests_total"),
]
