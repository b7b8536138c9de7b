"""Former names and places of components become aliases: a rename or a move replaces nothing."""

import pulumi
import pulumi_aws as aws

from components.base.component import Component, Former
from tests.components.base import Found, alone

PREFIX = "urn:pulumi:test::ai-platform::"
TOPIC = "aws:sns/topic:Topic"


class Store(Component):
    """A component with one resource that is named after it."""

    TOKEN = "ai-platform:test:Store"  # noqa: S105, a type

    def __init__(self, name: str, *, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        aws.sns.Topic(f"{name}-topic", opts=self.child())
        self.finish()


class Renamed(Store):
    """The same under a newer type."""

    TOKEN = "ai-platform:test:Renamed"  # noqa: S105, a type
    FORMERLY = ("ai-platform:test:Store",)


class Outer(Component):
    """A component that holds another."""

    TOKEN = "ai-platform:test:Outer"  # noqa: S105, a type

    def __init__(self, name: str, inner: type[Store], *formerly: Former) -> None:
        super().__init__(name)
        inner("runs", opts=self.child(formerly=formerly))
        self.finish()


def aliases(found: Found, type_: str, name: str) -> list[str]:
    """The aliases of a resource without what all of them begin with."""
    return [alias.removeprefix(PREFIX) for alias in found.one(type_, name).aliases]


def outer(inner: type[Store], *formerly: Former) -> Found:
    return alone(lambda: Outer("outer", inner, *formerly))


def test_component_without_a_past_has_no_alias() -> None:
    assert [resource.urn for resource in outer(Store).plan.resources if resource.aliases] == []


def test_former_token_is_an_alias_of_the_component_and_of_its_children() -> None:
    found = outer(Renamed)
    assert aliases(found, Renamed.TOKEN, "runs") == ["ai-platform:test:Outer$ai-platform:test:Store::runs"]
    assert aliases(found, TOPIC, "runs-topic") == [f"ai-platform:test:Outer$ai-platform:test:Store${TOPIC}::runs-topic"]


def test_former_name_is_an_alias_of_the_component_and_of_children_named_after_it() -> None:
    found = outer(Store, Former(name="experiments"))
    assert aliases(found, Store.TOKEN, "runs") == ["ai-platform:test:Outer$ai-platform:test:Store::experiments"]
    assert aliases(found, TOPIC, "runs-topic") == [
        f"ai-platform:test:Outer$ai-platform:test:Store${TOPIC}::experiments-topic"
    ]


def test_former_parent_that_is_gone_is_given_by_its_types() -> None:
    found = outer(Store, Former(parent="ai-platform:platform:Platform$ai-platform:test:Gone"))
    above = "ai-platform:platform:Platform$ai-platform:test:Gone$ai-platform:test:Store"
    assert aliases(found, Store.TOKEN, "runs") == [f"{above}::runs"]
    assert aliases(found, TOPIC, "runs-topic") == [f"{above}${TOPIC}::runs-topic"]


def test_former_parent_can_be_the_stack() -> None:
    found = outer(Store, Former(parent="pulumi:pulumi:Stack"))
    assert aliases(found, Store.TOKEN, "runs") == ["ai-platform:test:Store::runs"]
    assert aliases(found, TOPIC, "runs-topic") == [f"ai-platform:test:Store${TOPIC}::runs-topic"]


def test_former_parent_that_was_renamed_itself_counts_under_both_types() -> None:
    def build() -> None:
        Store("moved", opts=pulumi.ResourceOptions(aliases=[Former(parent=Renamed("shelf")).alias()]))

    assert aliases(alone(build), Store.TOKEN, "moved") == [
        "ai-platform:test:Renamed$ai-platform:test:Store::moved",
        "ai-platform:test:Store$ai-platform:test:Store::moved",
    ]


def test_former_token_and_former_name_are_combined() -> None:
    # A state may come from before either change, or from between the two.
    found = outer(Renamed, Former(name="experiments"))
    assert set(aliases(found, Renamed.TOKEN, "runs")) == {
        "ai-platform:test:Outer$ai-platform:test:Renamed::experiments",
        "ai-platform:test:Outer$ai-platform:test:Store::experiments",
        "ai-platform:test:Outer$ai-platform:test:Store::runs",
    }
    assert set(aliases(found, TOPIC, "runs-topic")) == {
        f"ai-platform:test:Outer$ai-platform:test:Renamed${TOPIC}::experiments-topic",
        f"ai-platform:test:Outer$ai-platform:test:Store${TOPIC}::experiments-topic",
        f"ai-platform:test:Outer$ai-platform:test:Store${TOPIC}::runs-topic",
    }


def test_plain_resource_has_aliases_of_its_former_name_and_parent() -> None:
    class Holder(Component):
        TOKEN = "ai-platform:test:Holder"  # noqa: S105, a type

        def __init__(self) -> None:
            super().__init__("holder")
            formerly = [Former(name="alerts"), Former(name="alarms", parent="ai-platform:test:Gone")]
            aws.sns.Topic("notifications", opts=self.child(formerly=formerly))
            self.finish()

    assert aliases(alone(Holder), TOPIC, "notifications") == [
        f"ai-platform:test:Holder${TOPIC}::alerts",
        f"ai-platform:test:Gone${TOPIC}::alarms",
    ]


def test_class_that_replaces_another_for_one_instance_has_its_former_token() -> None:
    found = outer(Store, Former(token="ai-platform:test:Other"))  # noqa: S106, a type
    assert aliases(found, Store.TOKEN, "runs") == ["ai-platform:test:Outer$ai-platform:test:Other::runs"]
