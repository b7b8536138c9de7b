"""URNs of a plan are those of the engine: of resources, of plugin-defined parents, and of former names."""

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
import pytest

from aiplatform.preview.plan import Resource
from aiplatform.preview.record import record_function

PREFIX = "urn:pulumi:test::ai-platform::"
OUTER, TOPIC = "ai-platform:test:Outer", "aws:sns/topic:Topic"


def _topic(*aliases: str | pulumi.Alias) -> Resource:
    """A topic below a component, with these aliases."""

    def build() -> None:
        outer = pulumi.ComponentResource(OUTER, "outer")
        aws.sns.Topic("alerts", opts=pulumi.ResourceOptions(parent=outer, aliases=list(aliases)))

    (topic,) = (one for one in record_function(build).resources if one.type == TOPIC)
    return topic


@pytest.mark.parametrize(
    ("alias", "urn"),
    [
        (pulumi.Alias(name="alarms"), f"{PREFIX}{OUTER}${TOPIC}::alarms"),
        (pulumi.Alias(type_="aws:sns:Topic"), f"{PREFIX}{OUTER}$aws:sns:Topic::alerts"),
        (pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE), f"{PREFIX}{TOPIC}::alerts"),
        (pulumi.Alias(parent=f"{PREFIX}a:b:C$d:e:F::gone"), f"{PREFIX}a:b:C$d:e:F${TOPIC}::alerts"),
        (pulumi.Alias(stack="prod", project="old"), f"urn:pulumi:prod::old::{OUTER}${TOPIC}::alerts"),
        (f"{PREFIX}{TOPIC}::first", f"{PREFIX}{TOPIC}::first"),
    ],
    ids=["name", "type", "no parent", "parent", "stack and project", "urn"],
)
def test_alias_is_resolved_to_the_urn_that_the_engine_looks_up(alias: str | pulumi.Alias, urn: str) -> None:
    assert _topic(alias).aliases == (urn,)


def test_alias_of_what_a_resource_is_called_today_is_left_out() -> None:
    assert _topic(pulumi.Alias(name="alerts"), pulumi.Alias(name="alarms")).aliases == (
        f"{PREFIX}{OUTER}${TOPIC}::alarms",
    )


def test_aliases_follow_from_those_of_all_ancestors() -> None:
    def build() -> None:
        former = pulumi.Alias(type_="ai-platform:test:Former")
        outer = pulumi.ComponentResource(OUTER, "outer", None, pulumi.ResourceOptions(aliases=[former]))
        named = pulumi.ResourceOptions(parent=outer, aliases=[pulumi.Alias(name="first")])
        inner = pulumi.ComponentResource("ai-platform:test:Inner", "inner", None, named)
        for name in ("inner-alerts", "alerts"):
            aws.sns.Topic(name, opts=pulumi.ResourceOptions(parent=inner))

    aliases = {one.name: one.aliases for one in record_function(build).resources if one.type == TOPIC}
    below = f"ai-platform:test:Inner${TOPIC}"
    assert aliases == {
        "inner-alerts": (
            f"{PREFIX}{OUTER}${below}::first-alerts",
            f"{PREFIX}ai-platform:test:Former${below}::inner-alerts",
            f"{PREFIX}ai-platform:test:Former${below}::first-alerts",
        ),
        # The name does not begin with the parent's: it stays.
        "alerts": (f"{PREFIX}ai-platform:test:Former${below}::alerts",),
    }


@pytest.mark.parametrize("unknown", [False, True], ids=["known", "unknown"])
def test_addon_of_pulumi_eks_is_a_child_of_its_cluster_for_any_parent(unknown: bool) -> None:
    def build() -> None:
        provider = aws.Provider("aws", region="eu-central-1")
        outer = pulumi.ComponentResource(OUTER, "outer", None, pulumi.ResourceOptions(providers=[provider]))
        below = pulumi.ResourceOptions(parent=outer)
        cluster = eks.Cluster("cluster", name="lab", skip_default_node_group=True, opts=below)
        eks.Addon("coredns", cluster=cluster, addon_name="coredns", opts=below)

    plan = record_function(build, unknown_outputs=unknown)
    addon, cluster = (next(one for one in plan.resources if one.name == name) for name in ("coredns", "cluster"))
    assert addon.parent == cluster.urn == f"{PREFIX}{OUTER}$eks:index:Cluster::cluster"
    assert addon.urn == f"{PREFIX}{OUTER}$eks:index:Cluster$eks:index:Addon::coredns"
