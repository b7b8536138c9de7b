"""Rules for every component and resource of every stack: parents, providers, tags, names, outputs."""

import functools
import importlib
import inspect
import pkgutil
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from keyword import iskeyword

import pulumi
import pulumi_aws as aws
import pytest

import components
from aiplatform.preview.plan import UNKNOWN, Resource
from components.base.component import Component
from components.platform import Platform
from tests.components.base import BOTH, EVERY_STACK, STACKS, alone, document, record_stack, recorded, texts
from tests.each import each


@functools.cache
def component_classes() -> dict[str, type[Component]]:
    """Every component class of the tree, found by importing every module."""
    for module in pkgutil.walk_packages(components.__path__, "components."):
        importlib.import_module(module.name)

    def below(cls: type[Component]) -> Iterator[type[Component]]:
        for subclass in cls.__subclasses__():
            yield subclass
            yield from below(subclass)

    own = {cls for cls in below(Component) if cls.__module__.startswith("components.")}
    return {f"{cls.__module__}.{cls.__qualname__}": cls for cls in sorted(own, key=lambda cls: cls.__qualname__)}


EVERY_CLASS = each("cls", component_classes().values())


def is_component(resource: Resource) -> bool:
    return resource.type.startswith("ai-platform:")


# --- classes ---


def test_component_tree_is_not_empty() -> None:
    # The rules below would hold for nothing.
    assert len(component_classes()) >= 30


@EVERY_CLASS
def test_token_names_the_class_and_not_its_folder(cls: type[Component]) -> None:
    # A move would replace every resource below.
    assert re.fullmatch(rf"ai-platform:[a-z]+:{cls.__name__}", cls.TOKEN)
    assert "TOKEN" in cls.__dict__, "an inherited token would give two classes one type"


def test_tokens_are_unique() -> None:
    counts = Counter(cls.TOKEN for cls in component_classes().values())
    assert [token for token, count in counts.items() if count > 1] == []


def test_former_token_belongs_to_one_class_and_no_token_of_today() -> None:
    # Two resources that claim one URN of the state are refused by the engine. That an inherited list would do.
    former = Counter(token for cls in component_classes().values() for token in cls.FORMERLY)
    assert [token for token, count in former.items() if count > 1] == []
    assert former.keys() & {cls.TOKEN for cls in component_classes().values()} == set()
    assert [token for token in former if not re.fullmatch(r"ai-platform:[a-z]+:[A-Z][A-Za-z0-9]*", token)] == []


@EVERY_CLASS
def test_component_takes_its_name_first_and_collaborators_by_keyword(cls: type[Component]) -> None:
    _, name, *rest = inspect.signature(cls.__init__, eval_str=True).parameters.values()
    assert (name.name, name.annotation) == ("name", str)
    positional = [parameter.name for parameter in rest if parameter.kind is not parameter.KEYWORD_ONLY]
    assert positional in ([], ["settings"]), "two collaborators of one type could be swapped unnoticed"


@EVERY_CLASS
def test_component_options_are_optional(cls: type[Component]) -> None:
    options = inspect.signature(cls.__init__, eval_str=True).parameters["opts"]
    assert options.kind is options.KEYWORD_ONLY
    assert options.default is None
    assert options.annotation == pulumi.ResourceOptions | None


@EVERY_CLASS
def test_component_has_a_docstring(cls: type[Component]) -> None:
    assert cls.__doc__ != Component.__doc__
    assert (cls.__doc__ or "").strip()


@EVERY_CLASS
def test_every_component_is_built_by_a_stack_or_a_variant(cls: type[Component]) -> None:
    assert any(cls is made for stack in STACKS for made, _ in recorded(stack).made)


@EVERY_STACK
@BOTH
def test_component_registers_its_outputs_once(stack: str, unknown: bool) -> None:
    assert {made.__name__: times for made, times in recorded(stack, unknown).made if times != 1} == {}


def test_options_of_the_caller_are_not_passed_to_children() -> None:
    class Parent(Component):
        TOKEN = "ai-platform:test:Parent"  # noqa: S105, a type

        def __init__(self, name: str, *, opts: pulumi.ResourceOptions | None = None) -> None:
            super().__init__(name, opts)
            aws.sns.Topic(name, opts=self.child())
            self.finish()

    def build() -> None:
        other = pulumi.ComponentResource("ai-platform:test:Other", "other")
        first = aws.sns.Topic("first")
        Parent("outer", opts=pulumi.ResourceOptions(parent=other, depends_on=[first], protect=True))

    plan = alone(build)
    child, parent, first = (
        plan.one("aws:sns/topic:Topic", "outer"),
        plan.one("ai-platform:test:Parent"),
        plan.one("aws:sns/topic:Topic", "first"),
    )
    assert child.parent == parent.urn
    assert child.dependencies == (first.urn,), "what the caller waits for, its children wait for"


# --- resources ---


@EVERY_STACK
@BOTH
def test_every_parent_is_registered(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    urns = recording.by_urn
    orphans = [resource.urn for resource in recording.plan.resources if resource.parent not in urns]
    assert orphans == [recording.one("pulumi:pulumi:Stack").urn]


@EVERY_STACK
@BOTH
def test_every_resource_is_below_the_platform(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    urns, platform = recording.by_urn, recording.one(Platform.TOKEN)

    def chain(resource: Resource) -> Iterator[str]:
        while resource.parent is not None:
            yield resource.urn
            resource = urns[resource.parent]

    strays = [
        resource.urn
        for resource in recording.plan.resources
        if resource.type != "pulumi:pulumi:Stack" and platform.urn not in chain(resource)
    ]
    assert strays == []
    not_in_a_component = [
        resource.urn
        for resource in recording.plan.resources
        if resource.parent in urns
        and resource.urn != platform.urn
        and not is_component(urns[resource.parent])
        # pulumi-eks puts its add-ons below its cluster, whatever the program asks for.
        and (resource.type, urns[resource.parent].type) != ("eks:index:Addon", "eks:index:Cluster")
    ]
    assert not_in_a_component == []


@EVERY_STACK
@BOTH
def test_every_resource_uses_the_provider_of_the_stack(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    wanted = recording.providers
    wrong = [
        resource.urn
        for resource in recording.plan.resources
        if (package := resource.type.split(":")[0]) in wanted
        and resource.provider != wanted[package]
        and not (package == "aws" and resource.provider in recording.elsewhere.values())
    ]
    assert wrong == []


@EVERY_STACK
def test_only_components_providers_and_the_stack_have_no_provider(stack: str) -> None:
    without = [resource for resource in recorded(stack).plan.resources if resource.provider is None]
    kinds = {resource.type.split(":")[0] for resource in without}
    assert kinds == {"ai-platform", "pulumi"}


@EVERY_STACK
@BOTH
def test_data_sources_use_the_provider_of_the_stack(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    assert [token for token, provider in recording.invokes if not provider.startswith(recording.providers["aws"])] == []


@EVERY_STACK
def test_urns_are_the_same_with_known_and_unknown_outputs(stack: str) -> None:
    # A preview would hide resources.
    known, unknown = (set(recorded(stack, mode).by_urn) for mode in (False, True))
    assert known == unknown


@EVERY_STACK
def test_first_preview_has_no_unknown_input_but_computed_ones(stack: str) -> None:
    known, unknown = recorded(stack).by_urn, recorded(stack, True).by_urn
    same = sum(known[urn].inputs == unknown[urn].inputs for urn in known)
    assert same > len(known) / 3
    missing = {urn: set(known[urn].inputs) ^ set(unknown[urn].inputs) for urn in known}
    assert {urn: keys for urn, keys in missing.items() if keys} == {}, "an unknown value is shown, not left out"


@EVERY_STACK
@BOTH
def test_no_input_is_the_text_of_an_unresolved_output(stack: str, unknown: bool) -> None:
    traces = ("Calling __str__ on an Output", "<pulumi.output.Output", "Output<")
    found = [
        (resource.urn, text)
        for resource in recorded(stack, unknown).plan.resources
        for text in texts(resource.inputs)
        if any(trace in text for trace in traces)
    ]
    assert found == []
    outputs = list(texts(recorded(stack, unknown).plan.outputs))
    assert [text for text in outputs if any(trace in text for trace in traces)] == []


@EVERY_STACK
def test_known_outputs_leave_no_input_unknown(stack: str) -> None:
    recording = recorded(stack)
    found = [(resource.urn, text) for resource in recording.plan.resources for text in texts(resource.inputs)]
    assert [urn for urn, text in found if UNKNOWN in text] == []


@pytest.mark.parametrize("stack", ["dev", "controller"])
def test_two_recordings_are_equal(stack: str) -> None:
    # Nothing depends on the clock or on chance.
    assert record_stack(stack).plan == recorded(stack).plan


# --- tags ---


@functools.cache
def taggable() -> frozenset[str]:
    """The types of AWS that take tags, by their argument `tags` in the SDK."""
    found = set()
    for type_ in {resource.type for stack in STACKS for resource in recorded(stack).all("aws:")}:
        module, _, kind = type_.removeprefix("aws:").partition("/")
        with warnings.catch_warnings():
            # Whole modules of the SDK are deprecated, none of which is used.
            warnings.simplefilter("ignore")
            cls = getattr(importlib.import_module(f"pulumi_aws.{module}{'_' * iskeyword(module)}"), kind.split(":")[1])
        if "tags" in inspect.signature(cls._internal_init).parameters:
            found.add(type_)
    return frozenset(found)


@EVERY_STACK
@BOTH
def test_provider_default_tags_reach_every_type_with_tags(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    for provider in recording.all("pulumi:providers:aws"):
        assert document(provider.inputs["defaultTags"]) == {"tags": recording.settings.project.default_tags()}
    assert {"Project", "Environment", "ManagedBy"} <= set(recording.settings.project.default_tags())
    assert {resource.provider for resource in recording.all("aws:") if resource.type in taggable()} == {
        recording.providers["aws"],
        *recording.elsewhere.values(),
    }


@EVERY_STACK
@BOTH
def test_no_resource_overrides_a_default_tag(stack: str, unknown: bool) -> None:
    # The bill could not be split by it.
    recording = recorded(stack, unknown)
    defaults = {key.lower() for key in recording.settings.project.default_tags()}
    overriding = [
        resource.urn
        for resource in recording.all("aws:")
        # An Auto Scaling group has a list of tags, to which the provider adds none.
        if resource.type != "aws:autoscaling/group:Group"
        for key in resource.inputs.get("tags", {})
        if key.lower() in defaults
    ]
    assert overriding == []


@EVERY_STACK
@BOTH
def test_launch_templates_tag_instances_and_volumes(stack: str, unknown: bool) -> None:
    # The provider cannot tag what Auto Scaling creates.
    recording = recorded(stack, unknown)
    for template in recording.all("aws:ec2/launchTemplate:LaunchTemplate"):
        tags = {item["resourceType"]: item["tags"] for item in template.inputs["tagSpecifications"]}
        nodes = template.name.startswith("nodes-")
        # The interface of a NAT instance exists before it.
        assert set(tags) == {"instance", "volume", *(["network-interface"] if nodes else [])}
        for kind, given in tags.items():
            assert recording.settings.project.default_tags().items() <= given.items(), kind
            owner = recording.settings.cluster_name() if nodes else recording.settings.vpc_name()
            assert given["Name"].startswith(owner), kind


@EVERY_STACK
def test_tags_stay_within_fifty_per_resource(stack: str) -> None:
    recording = recorded(stack)
    defaults = len(recording.settings.project.default_tags())
    assert max(defaults + len(resource.inputs.get("tags", {})) for resource in recording.all("aws:")) <= 50


# --- physical names ---

IAM_NAME = r"[\w+=,.@-]{1,64}"
LIMITS = {
    # The argument that holds the physical name, and what AWS takes there, each by its API reference.
    "aws:iam/role:Role": ("name", IAM_NAME),
    "aws:iam/policy:Policy": ("name", r"[\w+=,.@-]{1,128}"),
    "aws:s3/bucket:Bucket": ("bucket", r"[a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9]"),
    "aws:cloudwatch/logGroup:LogGroup": ("name", r"[\w./#-]{1,512}"),
    "aws:secretsmanager/secret:Secret": ("name", r"[\w/+=.@-]{1,512}"),
    "aws:kms/alias:Alias": ("name", r"alias/(?!aws/)[\w/-]{1,250}"),
    "aws:lb/loadBalancer:LoadBalancer": ("name", r"(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)"),
    "aws:lb/targetGroup:TargetGroup": ("name", r"(?!-)[A-Za-z0-9-]{1,32}(?<!-)"),
    "aws:rds/instance:Instance": ("identifier", r"[a-z](?!.*--)[a-z0-9-]{0,62}(?<!-)"),
    "aws:rds/subnetGroup:SubnetGroup": ("name", r"(?!default$)[a-z0-9 ._-]{1,255}"),
    "aws:cloudwatch/eventRule:EventRule": ("name", r"[\w.-]{1,64}"),
    "aws:sqs/queue:Queue": ("name", r"[\w-]{1,80}"),
    "aws:scheduler/schedule:Schedule": ("name", r"[\w.-]{1,64}"),
    "aws:scheduler/scheduleGroup:ScheduleGroup": ("name", r"[\w.-]{1,64}"),
    "eks:index:Cluster": ("name", r"[A-Za-z0-9][\w-]{0,99}"),
    "eks:index:ManagedNodeGroup": ("nodeGroupName", r"[A-Za-z0-9][\w-]{0,62}"),
    "aws:route53/zone:Zone": ("name", r"[a-z0-9.-]{1,255}"),
}
PREFIXES = {
    # The provider adds 26 characters to a prefix.
    "aws:ec2/launchTemplate:LaunchTemplate": r"[A-Za-z0-9().\-/_]{3,102}",
    "aws:ec2/securityGroup:SecurityGroup": r"(?!sg-)[\w .:/()#,@\[\]+=&;{}!$*-]{1,229}",
    "aws:rds/parameterGroup:ParameterGroup": r"[a-z](?!.*--)[a-z0-9-]{0,228}",
}


@EVERY_STACK
@BOTH
def test_physical_names_are_known_unique_and_within_aws_limits(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    for type_, (argument, pattern) in LIMITS.items():
        names = [resource.inputs[argument] for resource in recording.all(type_)]
        assert [name for name in names if not re.fullmatch(pattern, name)] == [], type_
        assert sorted(set(names)) == sorted(names), f"two {type_} of one name"


@EVERY_STACK
@BOTH
def test_name_prefixes_leave_room_for_the_suffix_of_the_provider(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    for type_, pattern in PREFIXES.items():
        prefixes = [item.inputs["namePrefix"] for item in recording.all(type_) if "name" not in item.inputs]
        assert [prefix for prefix in prefixes if not re.fullmatch(pattern, prefix)] == [], type_


@EVERY_STACK
@BOTH
def test_kubernetes_object_names_are_unique(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    names = Counter(
        (resource.type, resource.inputs["metadata"].get("namespace"), resource.inputs["metadata"]["name"])
        for resource in recording.all("kubernetes:")
        # A name that ends in a secret's version is known with the version.
        if "metadata" in resource.inputs and resource.inputs["metadata"]["name"] != "[unknown]"
    )
    assert [name for name, count in names.items() if count > 1] == []
    label = r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?"
    # Names of roles and bindings are those of a path: Kubeflow's namespaceAdmin has a capital letter.
    rbac = "kubernetes:rbac.authorization.k8s.io/v1:"
    assert [name for name in names if not name[0].startswith(rbac) and not re.fullmatch(label, name[2])] == []
    assert [name for name in names if name[0].startswith(rbac) and not re.fullmatch(r"[A-Za-z0-9.:-]+", name[2])] == []
    # A Job's pods carry its name as a label, a Service's name is one of DNS.
    short = {"kubernetes:batch/v1:Job", "kubernetes:core/v1:Service", "kubernetes:core/v1:Namespace"}
    assert [name for name in names if name[0] in short and len(name[2]) > 63] == []


@EVERY_STACK
@BOTH
def test_namespaced_object_sets_its_namespace(stack: str, unknown: bool) -> None:
    # It would be created in default.
    cluster_wide = {
        "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy",
        "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding",
        "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
        "kubernetes:core/v1:Namespace",
        "kubernetes:core/v1:PersistentVolume",
        "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
        "kubernetes:karpenter.sh/v1:NodePool",
        "kubernetes:kubeflow.org/v1:Profile",
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
        "kubernetes:scheduling.k8s.io/v1:PriorityClass",
        "kubernetes:storage.k8s.io/v1:StorageClass",
    }
    recording = recorded(stack, unknown)
    made = {resource.inputs["metadata"]["name"] for resource in recording.all("kubernetes:core/v1:Namespace")}
    kubeflow = recording.settings.kubeflow
    made |= set(kubeflow.namespaces()) if kubeflow else set()
    for resource in recording.all("kubernetes:"):
        if resource.type == "kubernetes:kustomize/v2:Directory":
            continue
        if resource.type in cluster_wide:
            assert "namespace" not in resource.inputs["metadata"]
        else:
            namespace = resource.inputs.get("namespace") or resource.inputs["metadata"]["namespace"]
            # A cache's name in the cluster stands in `default`, so that every namespace calls it alike.
            alias = resource.type == "kubernetes:core/v1:Service" and resource.inputs["spec"].get("externalName")
            assert namespace in {*made, "kube-system", *(["default"] if alias else [])}, resource.urn


def test_names_of_one_hundred_characters_are_shortened_and_stay_unique() -> None:
    recording = recorded("long")
    names = [resource.inputs["name"] for resource in recording.all("aws:iam/role:Role")]
    assert max(map(len, names)) == 64
    assert len(set(names)) == len(names)


# --- lifecycle ---


@EVERY_STACK
@BOTH
def test_dependencies_are_resources_of_the_plan_without_a_cycle(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    urns = recording.by_urn
    for resource in recording.plan.resources:
        assert set(resource.dependencies) <= set(urns)
        assert resource.urn not in recording.before(resource), "a circle is refused when it is sorted"


@EVERY_STACK
@BOTH
def test_objects_depend_on_the_controllers_and_nodes_that_delete_them(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    groups = {group.urn for group in recording.all("eks:index:ManagedNodeGroup")}
    releases = recording.all("kubernetes:helm.sh/v3:Release")
    for release in releases:
        if release.name == "karpenter-crd":
            continue  # Its chart has no pods.
        assert groups <= recording.before(release), f"{release.name} needs nodes to run on"
    controllers = {one.name: one.urn for one in (*releases, *recording.all("kubernetes:kustomize/v2:Directory"))}
    for type_, controller in (
        ("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding", "load-balancer-controller"),
        ("kubernetes:networking.k8s.io/v1:Ingress", "load-balancer-controller"),
        ("kubernetes:external-secrets.io/v1:ExternalSecret", "external-secrets"),
        ("kubernetes:external-secrets.io/v1:SecretStore", "external-secrets"),
        ("kubernetes:keda.sh/v1alpha1:ScaledObject", "keda"),
        # The operator has no part in deleting these.
        ("kubernetes:monitoring.coreos.com/v1:PodMonitor", "monitoring-crd"),
        ("kubernetes:monitoring.coreos.com/v1:ServiceMonitor", "monitoring-crd"),
        ("kubernetes:monitoring.coreos.com/v1:PrometheusRule", "monitoring-crd"),
    ):
        for resource in recording.all(type_):
            assert controllers[controller] in recording.before(resource), resource.urn


@EVERY_STACK
@BOTH
def test_nodes_depend_on_the_network(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    ways_out = {route.urn for route in recording.all("aws:ec2/route:Route")}
    associations = {item.urn for item in recording.all("aws:ec2/routeTableAssociation:RouteTableAssociation")}
    for group in recording.all("eks:index:ManagedNodeGroup"):
        assert ways_out | associations <= recording.before(group), "a node without a route cannot join"


@EVERY_STACK
@BOTH
def test_object_depends_on_its_namespace(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    made = {
        resource.inputs["metadata"]["name"]: resource.urn for resource in recording.all("kubernetes:core/v1:Namespace")
    }
    for resource in recording.all("kubernetes:"):
        namespace = resource.inputs.get("namespace") or resource.inputs.get("metadata", {}).get("namespace")
        if namespace in made:
            assert made[namespace] in recording.before(resource), resource.urn
