"""Places of images in a mirror, and the images of charts."""

import pytest

from catalog import versions
from catalog.images import (
    CHARTS,
    chart_images,
    ecr_region,
    full_name,
    mirrored,
    mirrored_values,
    repository_arn,
    value_at,
)
from catalog.versions import ChartVersion
from tests.each import each

ECR = "111122223333.dkr.ecr.us-west-2.amazonaws.com"
MIRROR = f"{ECR}/mirror"
DIGEST = f"sha256:{'a' * 64}"


@each(
    ("image", "name"),
    [
        ("mysql:8", "docker.io/library/mysql:8"),
        ("kserve/agent:v1", "docker.io/kserve/agent:v1"),
        ("docker.io/busybox:1", "docker.io/library/busybox:1"),
        ("ghcr.io/a/b:1", "ghcr.io/a/b:1"),
        ("localhost/a:1", "localhost/a:1"),
        ("registry:5000/a:1", "registry:5000/a:1"),
    ],
)
def test_name_without_registry_is_one_of_docker_hub(image: str, name: str) -> None:
    assert full_name(image) == name


@each(
    ("image", "registry", "place"),
    [
        ("ghcr.io/mlflow/mlflow:v3", None, "ghcr.io/mlflow/mlflow:v3"),
        ("ghcr.io/mlflow/mlflow:v3", MIRROR, f"{MIRROR}/mlflow/mlflow:v3"),
        ("mysql:8", MIRROR, f"{MIRROR}/library/mysql:8"),
        (f"gcr.io/a/b@{DIGEST}", MIRROR, f"{MIRROR}/a/b@{DIGEST}"),
        (f"{MIRROR}/mlflow/mlflow:v3", MIRROR, f"{MIRROR}/mlflow/mlflow:v3"),
        # The endpoints of ECR reach it.
        (f"{ECR}/shop/api:1", "registry.shop.internal:5000", f"{ECR}/shop/api:1"),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/api:1", MIRROR, f"{MIRROR}/shop/api:1"),
        # The host of a mirror inside is inside, but not a public registry with a mirror in it.
        ("registry.shop.internal/shop/api:1", "registry.shop.internal/mirror", "registry.shop.internal/shop/api:1"),
        ("quay.io/prometheus/prometheus:v3", "quay.io/shop", "quay.io/shop/prometheus/prometheus:v3"),
    ],
)
def test_image_moves_to_the_mirror_unless_nodes_reach_it(image: str, registry: str | None, place: str) -> None:
    assert mirrored(image, registry, "us-west-2") == place
    assert mirrored(place, registry, "us-west-2") == place


def test_repository_of_ecr_has_a_region_and_an_arn() -> None:
    assert ecr_region(f"{ECR}/a:1") == "us-west-2"
    assert ecr_region("public.ecr.aws/a/b:1") is None
    assert repository_arn(f"{MIRROR}/prom/x:v1") == "arn:aws:ecr:us-west-2:111122223333:repository/mirror/prom/x"
    assert repository_arn(f"{MIRROR}/x@{DIGEST}") == "arn:aws:ecr:us-west-2:111122223333:repository/mirror/x"
    assert repository_arn("ghcr.io/prom/x:v1") is None


def test_image_tables_are_those_of_the_pinned_charts() -> None:
    # A new version of a chart has new images: compare with `helm template`.
    pinned = {one.name: one.version for one in vars(versions).values() if isinstance(one, ChartVersion)}
    assert {name: table.version for name, table in CHARTS.items()} == pinned


def test_chart_values_move_every_repository_even_one_of_the_stack_file() -> None:
    own = {"image": {"repository": "quay.io/fork/eso", "tag": "v9"}, "replicaCount": 2}
    values = mirrored_values(
        "external-secrets", own, registry=MIRROR, place=lambda image: mirrored(image, MIRROR, "us-west-2")
    )
    assert value_at(values, "image") == {"repository": f"{MIRROR}/fork/eso", "tag": "v9"}
    assert value_at(values, "webhook.image.repository") == f"{MIRROR}/external-secrets/external-secrets"
    assert value_at(values, "replicaCount") == 2
    keda = mirrored_values("keda", {}, registry=MIRROR, place=str)
    assert keda == {"global": {"image": {"registry": MIRROR}}}
    with pytest.raises(LookupError, match="the images of the chart toy are unknown"):
        mirrored_values("toy", {}, registry=MIRROR, place=str)


def test_chart_images_are_those_of_enabled_parts_with_their_tags() -> None:
    assert list(chart_images("cluster-autoscaler", {"image": {"tag": "v1.36.1"}})) == [
        "registry.k8s.io/autoscaling/cluster-autoscaler:v1.36.1"
    ]
    assert len(list(chart_images("argo-cd", {"dex": {"enabled": True}}))) == 3
    assert len(list(chart_images("argo-cd", {"dex": {"enabled": False}}))) == 2
