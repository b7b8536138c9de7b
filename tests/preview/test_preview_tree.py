"""The tree of a plan on a terminal of 80 columns."""

import io
from collections.abc import Callable

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
from rich.console import Console

from aiplatform.preview.plan import Plan
from aiplatform.preview.record import record_function
from aiplatform.preview.tree import render


def _shown(plan: Plan, width: int = 80) -> list[str]:
    shown = io.StringIO()
    render(plan, Console(width=width, file=shown))
    return shown.getvalue().splitlines()


def test_components_nest_and_siblings_of_one_type_are_one_line(platform: Callable[[], None]) -> None:
    assert _shown(record_function(platform)) == [
        "test  ai-platform",
        "├── aws provider  aws",
        "├── ConfigMap  mlflow/start",
        "├── Instance  metadata",
        "├── kubernetes provider  kubernetes",
        "├── Namespace  mlflow",
        "├── Secret  mlflow/login",
        "├── SecretVersion  url",
        "├── Cluster  cluster",
        "│   └── ManagedNodeGroup  gpu",
        "└── Network  network  (Subnet x6, Vpc)",
        "14 resources, 3 components, 3 Kubernetes objects",
        "Outputs",
        "  endpoint      metadata.f427f8bd2d1f.eu-central-1.rds.amazonaws.com:5432 (known after up)",
        '  login         {"password": "[secret]", "user": "mlflow"}',
        "  scalingGroup  arn:aws:eks:eu-central-1:123456789012:nodegroup/lab/gpu/"
        "b5ef0f19-e6e4-51ba-5de6-721201ace8e8 (known after up)",
    ]


def test_tree_fits_the_terminal_and_outputs_are_complete() -> None:
    def build() -> None:
        parent = None
        for depth in range(12):
            options = pulumi.ResourceOptions(parent=parent)
            parent = pulumi.ComponentResource(f"ai-platform:a:Level{depth}", "a-rather-long-name", None, options)
        for number in range(40):
            inside = pulumi.ResourceOptions(parent=parent)
            aws.sns.Topic(f"alerts-of-the-team-{number}", opts=inside)
        pulumi.export("long", "x" * 500)
        pulumi.export("lines", "first\nsecond")

    lines = _shown(record_function(build))
    assert max(len(line) for line in lines if "xxx" not in line) <= 80
    assert f"  long   {'x' * 500}" in lines
    assert len(lines) == 1 + 12 + 1 + 1 + 1 + 2


def test_three_hundred_resources_fit_a_screen() -> None:
    def build() -> None:
        for team in range(5):
            tenant = pulumi.ComponentResource("ai-platform:workload:Tenant", f"team-{team}")
            inside = pulumi.ResourceOptions(parent=tenant)
            for number in range(30):
                aws.sqs.Queue(f"{team}-{number}", opts=inside)
                kubernetes.core.v1.ConfigMap(f"{team}-{number}", metadata={"name": f"c{number}"}, opts=inside)

    lines = _shown(record_function(build))
    assert len(lines) == 1 + 1 + 1
    assert lines[-1] == "300 resources, 5 components, 150 Kubernetes objects"


def test_children_are_listed_below_a_component_where_the_line_is_full() -> None:
    def build() -> None:
        bucket = pulumi.ComponentResource("ai-platform:data:Bucket", "artifacts")
        inside = pulumi.ResourceOptions(parent=bucket)
        for kind in ("Policy", "OwnershipControls", "PublicAccessBlock", "Versioning", "Logging"):
            pulumi.CustomResource(f"aws:s3/bucket{kind}:Bucket{kind}", "artifacts", {}, inside)

    assert _shown(record_function(build))[:4] == [
        "test  ai-platform",
        "└── Bucket  artifacts",
        "    └── BucketLogging, BucketOwnershipControls, BucketPolicy,",
        "        BucketPublicAccessBlock, BucketVersioning",
    ]


def test_single_resource_is_not_counted_in_the_plural() -> None:
    assert (
        _shown(record_function(lambda: aws.sns.Topic("alerts")))[-1] == "1 resource, 0 components, 0 Kubernetes objects"
    )
