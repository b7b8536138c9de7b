"""The duration of a first `up` and its longest chain."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from aiplatform.first_up import first_up, first_up_json, summary
from aiplatform.preview.plan import Plan, Resource
from catalog.creation_times import CreationTime, CreationTimes, creation_times
from components.cluster.addons.installed import addon_type, charts
from components.kubeflow.steps import STEPS
from config.addons import Addons
from tests.components.base import SHIPPED, Recording, recorded

RELEASE, ADDON = "kubernetes:helm.sh/v3:Release", "eks:index:Addon"


def resource(name: str, *after: str, type_: str = "aws:a:A", parent: str | None = None, **more: object) -> Resource:
    fields = {"data": (), "custom": True, "inputs": {}, **more}
    return Resource(name, type_, name, parent, None, after, **fields)  # type: ignore[arg-type]


def times(**seconds: int) -> CreationTimes:
    table = creation_times()
    rows = {
        f"aws:{name}:{name.upper()}": CreationTime(seconds=s, basis="estimate", source="x")
        for name, s in seconds.items()
    }
    return table.model_copy(update={"types": rows})


def names(plan: tuple[Resource, ...], **more: object) -> tuple[int, list[str]]:
    found = first_up(Plan("p", "s", plan, {}), times=times(a=60, b=5), **more)  # type: ignore[arg-type]
    return found.seconds, [link.name for link in found.chain]


def test_chain_is_the_longest_in_time_and_not_in_resources() -> None:
    short = (resource("x"), resource("y", "x", type_="aws:b:B"), resource("z", "y", type_="aws:b:B"))
    assert names((*short, resource("long", "x"))) == (120, ["x", "long"])


def test_child_waits_for_the_dependencies_of_its_parent() -> None:
    component = resource("group", "first", type_="ai-platform:x:Y", custom=False)
    assert names((resource("first"), component, resource("child", parent="group"))) == (120, ["first", "child"])


def test_component_does_not_wait_for_its_children() -> None:
    component = resource("group", "child", type_="ai-platform:x:Y", custom=False)
    assert names((component, resource("child", parent="group"))) == (60, ["child"])


def test_resource_waits_for_its_provider() -> None:
    provider = resource("k", "first", type_="pulumi:providers:kubernetes")
    assert names((resource("first"), provider, replace(resource("object"), provider="k"))) == (120, ["first", "object"])


def test_data_alone_leaves_out_order() -> None:
    plan = (resource("x"), resource("y", "x"), resource("z", "y", data=("y",)))
    assert names(plan, data_alone=True) == (120, ["y", "z"])


def test_empty_plan_takes_no_time() -> None:
    assert names(()) == (0, [])


def test_file_has_the_source_of_each_time() -> None:
    found = first_up(recorded("dev").plan)
    written = json.loads(first_up_json(found))
    assert written["seconds"] == found.seconds
    assert written["chain"][-1]["startSeconds"] + written["chain"][-1]["seconds"] == found.seconds
    assert all(link["source"].startswith("https://") for link in written["chain"])
    assert summary(found).startswith("a first up takes about 20 minutes; its longest chain: Cluster cluster 10:00, ")


def test_rows_of_charts_and_folders_exist() -> None:
    table = creation_times()
    known = set(charts()) | {"kube-prometheus-stack", "argo-cd"}
    assert set(table.charts) <= known
    assert set(table.folders) <= {"definitions", *(step.name for step in STEPS)}


# --- the order of the shipped stacks ---

GOAL = 1.05
"""Times the chain that is required."""


BEFORE_NODES = {key.replace("_", "-") for key, _, _ in Addons().each() if addon_type(key).stage == "nodes"}


def _part(urn: str) -> str:
    """The part of the platform that a resource belongs to: its types up to the second component, and the first word."""
    types = urn.split("::")[2].split("$")
    return "$".join(one for one in types[:2])


def _required(recording: Recording) -> Iterator[Resource]:
    """The plan without the order between parts of the platform that nothing requires.

    Kept: outputs among the inputs, the order within a part, and between parts: the VPC CNI before nodes, nodes before
    pods, CoreDNS before controllers, controllers before objects of their kinds, Kubeflow before its tenants.
    """
    resources = recording.plan.resources
    groups = [one.urn for one in resources if one.type == "eks:index:ManagedNodeGroup"]
    before_nodes = [one.urn for one in resources if one.type == ADDON and one.name in BEFORE_NODES]
    pools = [one.urn for one in resources if one.type == "kubernetes:karpenter.sh/v1:NodePool"]
    names = [one.urn for one in resources if one.type == ADDON and one.inputs["addonName"] == "coredns"]
    operator = [one.urn for one in resources if one.type == RELEASE and one.name == "external-secrets"]
    for one in resources:
        kept = {*one.data, *(urn for urn in one.dependencies if _part(urn) == _part(one.urn))}
        if one.type == "eks:index:ManagedNodeGroup":
            kept |= set(before_nodes)
        elif one.type.startswith("kubernetes:karpenter."):
            kept |= {other.urn for other in resources if other.type == RELEASE and other.name == "karpenter"}
        elif one.type in {ADDON, RELEASE} and one.urn not in before_nodes and not one.name.endswith("-crd"):
            kept |= set(groups)
            if one.name != "karpenter":
                kept |= {*pools, *(names if one.type == RELEASE else ())}
        elif one.type.startswith("kubernetes:external-secrets.io/"):
            kept |= set(operator)
        elif one.type.startswith("kubernetes:apps/") or (
            one.type.endswith((":Job", ":Directory")) and not one.name.endswith("-crd")
        ):
            kept |= {*groups, *pools, *names}
        if "tenants" in one.urn and "kubeflow" in recording.settings.model_fields_set:
            kept |= {urn for urn in one.dependencies if "kubeflow" in urn}
        parents = (one.parent,) if one.parent else ()
        yield replace(one, dependencies=tuple(kept - {one.urn, *parents}))


@pytest.mark.parametrize("stack", SHIPPED)
def test_nothing_waits_for_what_it_does_not_require(stack: str) -> None:
    recording = recorded(stack)
    whole = first_up(recording.plan)
    required = first_up(replace(recording.plan, resources=tuple(_required(recording))))
    assert required.seconds <= whole.seconds <= GOAL * required.seconds, summary(required)


@pytest.mark.parametrize("stack", SHIPPED)
def test_load_balancer_does_not_wait_for_charts(stack: str) -> None:
    recording = recorded(stack)
    releases = {one.urn for one in recording.all(RELEASE)}
    balancer = recording.one("aws:lb/loadBalancer:LoadBalancer", "ingress-alb")
    assert not releases & recording.before(balancer)
    for binding in recording.all("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"):
        controller = recording.one(RELEASE, "load-balancer-controller")
        assert controller.urn in recording.before(binding), "its webhook, and its finalizer in a destroy"
