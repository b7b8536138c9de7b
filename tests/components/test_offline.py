"""Platforms without NAT gateways, and platforms whose images are in one registry."""

import functools
import re
from pathlib import Path
from typing import Any

from aiplatform.cli.images import images
from aiplatform.preview.plan import Plan
from aiplatform.preview.record import record_function
from catalog.images import PUBLIC, ecr_region
from components.platform import Platform
from config.addons import Addons
from config.loader import load_file
from config.manifests import IMAGES, OWN, listed
from config.offline import CALLS, services
from config.settings import Settings
from tests.components.base import FOLDER, STACK_FILES, Found, recorded, settings_of, texts
from tests.config.base import ROOT, TODAY
from tests.each import each

REGISTRY = "registry.shop.internal/mirror"
RELEASE, ENDPOINT = "kubernetes:helm.sh/v3:Release", "aws:ec2/vpcEndpoint:VpcEndpoint"
DIRECTORY = "kubernetes:kustomize/v2:Directory"
CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"

HOST = re.compile(
    rf"(?<![\w./-])(?:{'|'.join(map(re.escape, PUBLIC))}|\d{{12}}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com)/[\w./-]+"
)


def _manifests(folder: Path) -> str:
    """Write a folder of manifests for the registry, and return its digest."""
    (folder / OWN).mkdir(parents=True, exist_ok=True)
    content = f'{{"registry": "{REGISTRY}", "images": {{"ghcr.io/a/b:1": "{REGISTRY}/a/b:1"}}}}\n'
    (folder / IMAGES).write_text(content)
    return listed(folder, {IMAGES: content.encode()})


def _mirrored(folder: Path, stack: str, manifests: Path) -> tuple[Settings, Plan]:
    """Return a stack whose images are in the registry, as it is planned."""
    changes: dict[Any, Any] = {("images", "registry"): REGISTRY}
    if stack == "example":
        # Its folder has no charts here.
        changes |= {("charts", "source"): "repository", ("charts", "location"): None}
    if stack in WITH_KUBEFLOW:
        changes |= {("kubeflow", "source"): str(manifests), ("kubeflow", "sha256"): _manifests(manifests)}
    settings = load_file(folder, stack, changes=changes, today=TODAY).settings
    return settings, record_function(functools.partial(Platform, settings.project.name, settings), stack=stack)


WITH_KUBEFLOW = {"lab", "example"}
SHIPPED = ("dev", "prod", "mlflow", "nemo", "lab", "pingvas", "openwebui")


@each("stack", [*SHIPPED, "example"])
def test_no_manifest_and_no_chart_value_has_another_registry(stack: str, tmp_path: Path) -> None:
    folder = STACK_FILES
    if stack == "example":
        folder = tmp_path
        (folder / "Pulumi.example.yaml").write_bytes((ROOT / "docs" / "example-stack.yaml").read_bytes())
    settings, plan = _mirrored(folder, stack, tmp_path / "manifests")
    region = settings.project.region
    found = {
        name
        for resource in plan.resources
        if resource.type.startswith("kubernetes:") and resource.type != DIRECTORY
        for text in texts(resource.inputs)
        for name in HOST.findall(text)
        if ecr_region(name) != region
    }
    assert found == set()
    releases = [resource for resource in plan.resources if resource.type == RELEASE]
    assert releases
    for resource in releases:
        if resource.inputs["values"]:
            assert any(REGISTRY in text for text in texts(resource.inputs["values"])), resource.name
    places = images(plan, settings, ROOT)
    assert all(place.startswith(f"{REGISTRY}/") or ecr_region(place) == region for place in places.values())
    assert all(name.partition("/")[0] in PUBLIC or ecr_region(name) for name in places)


def test_containers_of_instances_pull_from_the_registry(tmp_path: Path) -> None:
    text = (FOLDER / "Pulumi.servers.yaml").read_text()
    registry = "111122223333.dkr.ecr.us-west-2.amazonaws.com/mirror"
    (tmp_path / "Pulumi.servers.yaml").write_text(f"{text}  ai-platform:images: {{registry: {registry}}}\n")
    settings = load_file(tmp_path, "servers", today=TODAY).settings
    recording = Found(record_function(functools.partial(Platform, settings.project.name, settings), stack="servers"))
    wanted = {
        settings.image(one.image): one.image
        for server in settings.instances.values()
        for one in server.containers.values()
        if one.image
    }
    assert wanted
    data = "".join(str(one.inputs["userData"]) for one in recording.all("aws:ec2/instance:Instance"))
    policies = "".join(str(one.inputs["policy"]) for one in recording.all("aws:iam/rolePolicy:RolePolicy"))
    for place, image in wanted.items():
        assert place.startswith(f"{registry}/")
        assert place in data
        assert image not in data
        assert f"repository/mirror/{image.partition('/')[2].partition(':')[0]}" in policies


# --- nat: none ---


def test_every_addon_has_a_row_of_services() -> None:
    assert {key for _, key, _ in Addons().each()} <= CALLS.keys()


def test_services_are_those_of_the_parts_of_the_stack() -> None:
    assert services(settings_of("offline"))["secretsmanager"] == "externalSecrets"
    assert "ssm" not in services(settings_of("offline"))
    assert services(settings_of("pools"))["ssm"] == "karpenter"
    assert services(settings_of("pools"))["eks-auth"] == "podIdentity, eksPodIdentityAgent"
    assert "sts" not in services(settings_of("pools"))
    assert "monitoring" in services(settings_of("pingvas"))
    # The provider in another region has no endpoint in the VPC.
    assert services(settings_of("assistants"))["bedrock-runtime"] == "models of bedrock"
    assert services(settings_of("assistants"))["sagemaker.runtime"] == "models of sagemaker"
    assert not services(settings_of("chat")).keys() & {"bedrock-runtime", "sagemaker.runtime"}


@functools.cache
def _isolated() -> Found:
    """Return Karpenter's pools without NAT gateways, with the endpoints that the stack calls."""
    changes: dict[Any, Any] = {
        ("network", "nat"): "none",
        ("network", "endpoints", "addMissing"): True,
        ("images", "registry"): REGISTRY,
    }
    settings = load_file(FOLDER, "pools", changes=changes, today=TODAY).settings
    return Found(record_function(functools.partial(Platform, settings.project.name, settings), stack="pools"))


def test_missing_endpoints_are_added_and_are_there_before_the_nodes() -> None:
    recording = _isolated()
    made = {one.inputs["serviceName"]: one for one in recording.all(ENDPOINT)}
    assert sorted(made) == [
        f"com.amazonaws.us-west-2.{service}" for service in sorted([*services(settings_of("pools")), "s3"])
    ]
    group = recording.one("eks:index:ManagedNodeGroup")
    assert {one.urn for one in made.values()} <= recording.before(group)
    assert recording.all("aws:ec2/natGateway:NatGateway") == []


def test_isolated_karpenter_neither_creates_profiles_nor_reads_prices() -> None:
    recording = _isolated()
    values = recording.inputs(RELEASE, "karpenter")["values"]
    assert values["settings"]["isolatedVPC"] is True
    profile = recording.one("aws:iam/instanceProfile:InstanceProfile")
    assert profile.inputs["role"] == "pools-eks-karpenter-node"
    for node_class in recording.all(CLASS):
        assert node_class.inputs["spec"]["instanceProfile"] == profile.inputs["name"]
        assert "role" not in node_class.inputs["spec"]


def test_connected_karpenter_creates_profiles_of_a_role() -> None:
    recording = recorded("pools")
    assert "isolatedVPC" not in recording.inputs(RELEASE, "karpenter")["values"]["settings"]
    assert all("role" in one.inputs["spec"] for one in recording.all(CLASS))
