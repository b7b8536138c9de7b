"""Edits of single resources: what replaces them, what AWS or the API server rejects, and what is shown."""

from typing import Any

from aiplatform.diff.fields import fields
from aiplatform.diff.line import in_order
from aiplatform.diff.replaced import replaced
from aiplatform.diff.sections import lost, refused, resources
from catalog.aws.aws_type import SECRET
from catalog.replacement import replacing_inputs
from tests.diff.base import edit, plan, resource, side, told, urn
from tests.each import each

NODES, CLUSTER = "eks:index:ManagedNodeGroup", "eks:index:Cluster"
DATABASE, CACHE = "aws:rds/instance:Instance", "aws:elasticache/replicationGroup:ReplicationGroup"
CLAIM, STATEFUL = "kubernetes:core/v1:PersistentVolumeClaim", "kubernetes:apps/v1:StatefulSet"

Inputs = dict[str, Any]


def spec(**given: Any) -> Inputs:
    """An object of Kubernetes with a fixed name."""
    return {"metadata": {"name": "it", "namespace": "apps"}, "spec": given}


def size(storage: str) -> Inputs:
    return spec(resources={"requests": {"storage": storage}}, storageClassName="gp3")


@each(
    ("type_", "before", "after", "inputs"),
    [
        (CLUSTER, {"kubernetesServiceIpAddressRange": "172.20.0.0/16"}, {}, ["kubernetesServiceIpAddressRange"]),
        (CLUSTER, {"version": "1.35"}, {"version": "1.36"}, []),
        (CLUSTER, {"encryptionConfigKeyArn": "arn:a"}, {}, ["encryptionConfigKeyArn"]),
        (CLUSTER, {}, {"encryptionConfigKeyArn": "arn:a"}, []),
        (CLUSTER, {"privateSubnetIds": ["a", "b"]}, {"privateSubnetIds": ["a", "c"]}, []),
        (NODES, {"amiType": "AL2023_x86_64_STANDARD"}, {"amiType": "BOTTLEROCKET_x86_64"}, ["amiType"]),
        (NODES, {"capacityType": "SPOT"}, {"capacityType": "ON_DEMAND"}, ["capacityType"]),
        (NODES, {"launchTemplate": {"id": "a", "version": "1"}}, {"launchTemplate": {"id": "a", "version": "2"}}, []),
        (NODES, {"labels": {"a": "b"}}, {"labels": {}}, []),
        (CACHE, {"engineVersion": "7.1"}, {"engineVersion": "7.0"}, ["engineVersion"]),
        (CACHE, {"engineVersion": "7.0"}, {"engineVersion": "7.1"}, []),
        ("kubernetes:apps/v1:Deployment", spec(selector={"a": "b"}), spec(selector={"a": "c"}), ["spec.selector"]),
        ("kubernetes:apps/v1:Deployment", spec(replicas=1), spec(replicas=2), []),
        (STATEFUL, spec(serviceName="a"), spec(serviceName="b"), ["spec.serviceName"]),
        (STATEFUL, spec(template={"a": 1}), spec(template={"a": 2}), []),
        ("kubernetes:batch/v1:Job", spec(template={"a": 1}), spec(template={"a": 2}), ["spec.template"]),
        ("kubernetes:batch/v1:CronJob", spec(jobTemplate={"a": 1}), spec(jobTemplate={"a": 2}), []),
        ("kubernetes:core/v1:Service", spec(clusterIP="None"), spec(), ["spec.clusterIP"]),
        ("kubernetes:core/v1:Service", spec(type="ClusterIP"), spec(type="LoadBalancer"), []),
        ("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", {"roleRef": {"name": "a"}}, {"roleRef": {"name": "b"}},
         ["roleRef"]),
        ("kubernetes:storage.k8s.io/v1:StorageClass", {"parameters": {"type": "gp2"}}, {"parameters": {"type": "gp3"}},
         ["parameters"]),
        ("kubernetes:core/v1:ConfigMap", {"data": {"a": "1"}}, {"data": {"a": "2"}}, ["data"]),
        (CLAIM, size("10Gi"), size("20Gi"), []),
        (CLAIM, spec(storageClassName="gp2"), spec(storageClassName="gp3"), ["spec.storageClassName"]),
        ("kubernetes:core/v1:Namespace", {"metadata": {"name": "a"}}, {"metadata": {"name": "b"}}, ["metadata.name"]),
        ("kubernetes:example.com/v1:Custom", spec(a=1), spec(a=2), []),
        ("kubernetes:helm.sh/v3:Release", {"name": "a", "version": "1"}, {"name": "a", "version": "2"}, []),
        ("kubernetes:helm.sh/v3:Release", {"namespace": "a"}, {"namespace": "b"}, ["namespace"]),
        ("pulumi:providers:kubernetes", {"clusterIdentifier": "a"}, {"clusterIdentifier": "b"}, ["clusterIdentifier"]),
        ("ai-platform:data:Bucket", {"a": 1}, {"a": 2}, []),
        ("aws:lb/loadBalancer:LoadBalancer", {"loadBalancerType": "network", "subnets": ["a", "b"]},
         {"loadBalancerType": "network", "subnets": ["a"]}, ["subnets"]),
        ("aws:lb/loadBalancer:LoadBalancer", {"subnets": ["a", "b"]}, {"subnets": ["a"]}, []),
    ],
)  # fmt: skip
def test_immutable_inputs_of_every_provider(type_: str, before: Inputs, after: Inputs, inputs: list[str]) -> None:
    assert replacing_inputs(type_, before, after) == inputs


@each(
    ("type_", "before", "after", "severity", "text"),
    [
        (DATABASE, {"allocatedStorage": 100}, {"allocatedStorage": 50}, "error", "cannot shrink: 100 to 50 GiB"),
        (DATABASE, {"allocatedStorage": 100}, {"allocatedStorage": 105}, "error", "set at least 110 GiB"),
        (DATABASE, {"allocatedStorage": 100}, {"allocatedStorage": 110}, "info", "at least six hours"),
        (DATABASE, {"engine": "postgres", "engineVersion": "17.5"}, {"engine": "postgres", "engineVersion": "17.4"},
         "error", "postgres cannot be downgraded: 17.5 to 17.4"),
        (DATABASE, {"engine": "mysql", "engineVersion": "8.0.40"}, {"engine": "mysql", "engineVersion": "8.4.5"},
         "error", "a major upgrade of mysql from 8.0.40 to 8.4.5 requires allowMajorVersionUpgrade"),
        ("aws:rds/cluster:Cluster", {"engine": "aurora-postgresql", "engineVersion": "17"},
         {"engine": "aurora-postgresql", "engineVersion": "16"}, "error", "cannot be downgraded: 17 to 16"),
        (CLUSTER, {"version": "1.34"}, {"version": "1.36"}, "error", "one minor version at a time: 1.34 to 1.36"),
        (CLUSTER, {"version": "1.36"}, {"version": "1.35"}, "warning", "only within 7 days of its upgrade"),
        (CLUSTER, {"version": "1.36"}, {"version": "1.34"}, "error", "several minor versions: 1.36 to 1.34"),
        (CLUSTER, {"authenticationMode": "API"}, {"authenticationMode": "CONFIG_MAP"}, "error", "cannot go back"),
        (CLUSTER, {"encryptionConfigKeyArn": "a"}, {"encryptionConfigKeyArn": "b"}, "error", "key that encrypts"),
        (NODES, {"version": "1.36"}, {"version": "1.35"}, "warning", "cannot be downgraded outside of a rollback"),
        ("aws:ec2/instance:Instance", {"rootBlockDevice": {"volumeSize": 50}}, {"rootBlockDevice": {"volumeSize": 20}},
         "error", "an EBS volume cannot shrink: 50 to 20 GiB"),
        ("aws:ec2/instance:Instance", {"rootBlockDevice": {"volumeSize": 20}}, {"rootBlockDevice": {"volumeSize": 50}},
         "info", "four times in 24 hours"),
        (CLAIM, size("1Ti"), size("500Gi"), "error", "a claim cannot shrink: 1Ti to 500Gi"),
        (CLAIM, spec(volumeMode="Filesystem"), spec(volumeMode="Block"), "error", "spec.volumeMode is immutable"),
        (STATEFUL, spec(volumeClaimTemplates=[{"spec": 1}]), spec(volumeClaimTemplates=[{"spec": 2}]),
         "warning", "existing claims keep their size"),
        ("kubernetes:scheduling.k8s.io/v1:PriorityClass", {"value": 1}, {"value": 2}, "error", "value is immutable"),
        ("kubernetes:storage.k8s.io/v1:StorageClass", {"volumeBindingMode": "Immediate"},
         {"volumeBindingMode": "WaitForFirstConsumer"}, "error", "volumeBindingMode is immutable"),
    ],
)  # fmt: skip
def test_refused_edits_name_both_values(type_: str, before: Inputs, after: Inputs, severity: str, text: str) -> None:
    found = [one for one in edit(refused, type_, before, after) if text in f"{one.text}; {one.fix}"]

    assert [one.severity for one in found] == [severity]
    assert found[0].source.startswith("https://")


@each(
    ("type_", "before", "after"),
    [
        (DATABASE, {"allocatedStorage": 100}, {"allocatedStorage": 100}),
        (DATABASE, {"engine": "postgres", "engineVersion": "17"}, {"engine": "postgres", "engineVersion": "17.6"}),
        (DATABASE, {"engine": "postgres", "engineVersion": "17.6"}, {"engine": "postgres", "engineVersion": "17"}),
        # Another engine is another database.
        (DATABASE, {"engine": "postgres", "engineVersion": "17"}, {"engine": "mysql", "engineVersion": "8.4"}),
        (DATABASE, {"engine": "postgres", "engineVersion": "17"},
         {"engine": "postgres", "engineVersion": "18", "allowMajorVersionUpgrade": True}),
        (CLUSTER, {"version": "1.35"}, {"version": "1.36"}),
        (CLUSTER, {"authenticationMode": "API_AND_CONFIG_MAP"}, {"authenticationMode": "API"}),
        (CLAIM, size("512Mi"), size("1Gi")),
        ("kubernetes:scheduling.k8s.io/v1:PriorityClass", {"value": 1}, {"value": 1, "description": "more"}),
    ],
)  # fmt: skip
def test_edits_that_aws_takes_are_not_refused(type_: str, before: Inputs, after: Inputs) -> None:
    assert edit(refused, type_, before, after) == ()


def test_storage_class_with_replacement_on_change_is_not_refused() -> None:
    type_, before, after = (
        "kubernetes:storage.k8s.io/v1:StorageClass",
        {"reclaimPolicy": "Delete"},
        {"reclaimPolicy": "Retain"},
    )

    assert [one.text for one in edit(refused, type_, before, after)] == ["reclaimPolicy is immutable"]
    assert edit(refused, type_, before, after, replaceOnChanges=["reclaimPolicy"]) == ()


def test_resource_with_an_alias_is_renamed_and_not_lost() -> None:
    old = plan(resource("aws:s3/bucket:Bucket", {"bucket": "data"}, "old"))
    new = plan(
        resource("aws:s3/bucket:Bucket", {"bucket": "data"}, "new", aliases=[urn("aws:s3/bucket:Bucket", "old")])
    )

    assert lost.lines(old, new) == []
    assert [one.text for one in resources.lines(old, new)] == [
        "renamed in the state by an alias, from urn:pulumi:dev::ai-platform::aws:s3/bucket:Bucket::old"
    ]


def test_resource_of_another_name_without_an_alias_is_deleted() -> None:
    old, new = (plan(resource("aws:s3/bucket:Bucket", {"bucket": name}, name)) for name in ("old", "new"))

    assert "deleted; data lost: objects" in told(in_order(lost.lines(old, new)), "error", "s3 Bucket old")


@each(
    ("inputs", "options", "text"),
    [
        ({}, {}, "nothing protects it"),
        ({}, {"protect": True}, "Pulumi refuses: protected"),
        ({"deletionProtection": True}, {}, "AWS refuses its deletion: deletion protection"),
        ({"finalSnapshotIdentifier": "last"}, {}, "a final snapshot keeps the data: last"),
        ({"finalSnapshotIdentifier": "last", "skipFinalSnapshot": True}, {}, "nothing protects it"),
        ({"deleteAutomatedBackups": False}, {}, "its automated backups stay"),
    ],
)
def test_deleted_database_names_what_protects_it(inputs: Inputs, options: Inputs, text: str) -> None:
    found = edit(lost, DATABASE, {"identifier": "runs", **inputs}, None, **options)

    assert found[0].text == f"deleted; data lost: a database; {text}"


def test_retained_resource_stays_in_the_account() -> None:
    found = edit(lost, "aws:s3/bucket:Bucket", {"bucket": "data"}, None, retainOnDelete=True)

    assert [(one.severity, one.text.partition(",")[0]) for one in found] == [
        ("warning", "leaves the stack and stays in the account with its data")
    ]


def test_protected_resource_that_would_be_replaced_is_refused() -> None:
    before, after = {"identifier": "runs", "engine": "mysql"}, {"identifier": "runs", "engine": "postgres"}

    text = told(edit(refused, DATABASE, before, after, protect=True), "error", "rds Instance runs")

    assert "is protected and would be replaced: pulumi up stops before it changes anything" in text


@each(
    ("type_", "inputs", "options", "found"),
    [
        (DATABASE, {"deletionProtection": True}, {}, [("error", "AWS does not delete it while")]),
        (DATABASE, {"deletionProtection": False}, {}, []),
        ("aws:lb/loadBalancer:LoadBalancer", {"enableDeletionProtection": True}, {},
         [("error", "AWS does not delete it while")]),
        ("aws:s3/bucket:Bucket", {}, {}, [("warning", "AWS does not delete a bucket with objects")]),
        ("aws:s3/bucket:Bucket", {"forceDestroy": True}, {}, []),
        ("aws:s3/bucket:Bucket", {}, {"retainOnDelete": True}, []),
        ("aws:s3/bucket:Bucket", {}, {"protect": True}, [("error", "is protected and would be deleted")]),
    ],
)  # fmt: skip
def test_deletions_that_aws_or_pulumi_rejects_are_refused(
    type_: str, inputs: Inputs, options: Inputs, found: list[tuple[str, str]]
) -> None:
    told_ = edit(refused, type_, inputs, None, **options)

    assert [(one.severity, one.text.startswith(text)) for one, (_, text) in zip(told_, found, strict=True)] == [
        (severity, True) for severity, _ in found
    ]


def test_reference_to_a_replaced_resource_replaces_its_users_in_turn() -> None:
    namespace = {"metadata": {"name": "apps"}}
    volume = {"metadata": {"name": "data", "namespace": "apps"}, "spec": {"storageClassName": "gp3"}}
    of = {"dependencies": [urn("kubernetes:core/v1:Namespace", "ns")]}
    before = plan(resource("kubernetes:core/v1:Namespace", namespace, "ns"), resource(CLAIM, volume, "claim", **of))
    after = plan(
        resource("kubernetes:core/v1:Namespace", namespace, "ns", replaceOnChanges=["spec"]),
        resource(CLAIM, volume, "claim", **of),
    )
    changed = plan(
        resource("kubernetes:core/v1:Namespace", {**namespace, "spec": 1}, "ns", replaceOnChanges=["spec"]),
        resource(CLAIM, volume, "claim", **of),
    )

    assert replaced(before, after) == {}
    assert [(one.urn.rpartition("::")[2], one.inputs) for one in replaced(before, changed).values()] == [
        ("ns", ("spec",)),
        ("claim", ("metadata.namespace",)),
    ]


def test_tags_of_the_group_of_a_replaced_node_group_are_replaced() -> None:
    # The name of the Auto Scaling group is an output within the node group of a component.
    found = replaced(side(), side('nodeGroups.system.instanceTypes=["m6a.large", "m6i.large"]'))

    tags = [one for one in found.values() if one.pair.one["type"] == "aws:autoscaling/tag:Tag"]
    assert tags
    assert {one.inputs for one in tags} == {("autoscalingGroupName",)}
    assert {one.because.rpartition("$")[2].partition("::")[0] for one in tags} == {"eks:index:ManagedNodeGroup"}


def test_dependency_for_the_order_alone_replaces_nothing() -> None:
    group = "aws:rds/subnetGroup:SubnetGroup"
    of = {"dependencies": [urn(group, "group")], "references": []}
    sides = [
        plan(
            resource(group, {"name": name}, "group"),
            resource("aws:rds/cluster:Cluster", {"clusterIdentifier": "it", "dbSubnetGroupName": "same"}, "db", **of),
        )
        for name in ("same", "other")
    ]

    assert [one.rpartition("::")[2] for one in replaced(*sides)] == ["group"]


@each(
    ("before", "after", "text"),
    [
        ({"a": SECRET}, {"a": "open"}, "a: [secret] changed"),
        ({"a": {"b": f"x{SECRET}"}}, {"a": {"b": "y"}}, "a.b: [secret] changed"),
        ({"policy": '{"Statement": [{"Sid": "Read", "Action": "s3:Get*"}]}'},
         {"policy": '{"Statement": [{"Sid": "Read", "Action": "s3:*"}]}'},
         "policy.Statement[Read].Action: s3:Get* → s3:*"),
        ({"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]},
         {"env": [{"name": "B", "value": "3"}, {"name": "A", "value": "1"}]}, "env[B].value: 2 → 3"),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}, 'a: ["x", "y"] → ["y", "x"]'),
        ({"a": [{"cidr": "10.0.0.0/8", "ports": [{"port": 1}]}]},
         {"a": [{"cidr": "10.0.0.0/8", "ports": [{"port": 2}]}]}, "a[0].ports[0].port: 1 → 2"),
        ({"a": [{"to": "x"}]}, {"a": [{"to": "x"}, {"to": "y"}]}, 'a: (none) → [{"to": "y"}]'),
        ({}, {"a": 1}, "a: (none) → 1"),
        ({"a": "x" * 300}, {"a": ""}, f'a: {"x" * 119}… → ""'),
    ],
)  # fmt: skip
def test_fields_have_their_paths_and_both_values(before: Inputs, after: Inputs, text: str) -> None:
    assert [str(one) for one in fields(before, after)] == [text]


def test_ignored_changes_are_no_difference() -> None:
    before = {"scalingConfig": {"desiredSize": 1, "maxSize": 2}, "ignoreScalingChanges": True}
    after = {"scalingConfig": {"desiredSize": 2, "maxSize": 2}, "ignoreScalingChanges": True}

    assert edit(resources, NODES, before, after) == ()
    image = {"containers": [{"name": "app", "image": "a"}]}
    other = {"containers": [{"name": "app", "image": "b"}]}
    assert edit(resources, "kubernetes:apps/v1:Deployment", image, other, ignoreChanges=["containers[0].image"]) == ()


@each(
    ("given", "severity", "text"),
    [
        ({"strategy": {"type": "Recreate"}}, "warning", "stops all pods before the new ones start"),
        ({"strategy": {"rollingUpdate": {"maxSurge": 0}}}, "warning", "has fewer pods during the rollout"),
        ({}, "info", "its pods are replaced while the old ones serve"),
    ],
)
def test_rollout_interrupts_by_its_strategy(given: Inputs, severity: str, text: str) -> None:
    sides = [spec(**given, template={"spec": {"image": image}}) for image in ("a", "b")]

    assert text in told(edit(lost, "kubernetes:apps/v1:Deployment", *sides), severity, "Deployment apps/it")
