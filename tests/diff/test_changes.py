"""Changes that a platform team makes to the stack dev, with what they do as worked out by hand."""

from decimal import Decimal

from aiplatform.diff.difference import compare
from aiplatform.diff.line import Line
from aiplatform.diff.sections import found, lost, money, refused, resources
from tests.diff.base import lines, side, told
from tests.each import each

CIDR = ("network.cidr=10.9.0.0/16",)
IN_PLACE = (
    "nodeGroups.system.scaling.max=6",
    "databases.metadata.instanceClass=db.t4g.small",
    "databases.metadata.storage.sizeGib=30",
    "workloads.vllm.models.chat.image=vllm/vllm-openai:v0.25.1",
    "cluster.version='1.36'",
    "cluster.endpoint.publicCidrs=[198.51.100.0/24]",
    "tenants.range.last=3",
    "tenants.quota.pods=20",
)
REPLACING = (
    "nodeGroups.system.instanceTypes=[m6i.large]",
    "buckets.artifacts.name=other-name",
    "databases.metadata.databaseName=other",
    "network.zones=[us-west-2a,us-west-2b,us-west-2c]",
    "tenants.range.last=1",
)
REFUSED = ("cluster.version='1.37'", "databases.metadata.engineVersion='18'")
PROTECTED = ("project.deletionProtection=true",)


def replaced(*changes: str) -> dict[str, list[str]]:
    types = compare("dev", side(), side(*changes)).replaced_types()
    return {type_: [urn.rpartition("::")[2] for urn in urns] for type_, urns in types.items()}


def test_edits_in_place_replace_only_what_runs_again_for_a_new_tenant() -> None:
    assert replaced(*IN_PLACE) == {
        "kubernetes:batch/v1:Job": ["tenant-databases"],
        "kubernetes:core/v1:ConfigMap": ["postgres-databases"],
        "kubernetes:external-secrets.io/v1:ExternalSecret": ["postgres-tenant-databases"],
    }


@each(
    ("severity", "subject", "text"),
    [
        # The instance class waits for the maintenance window, because the platform does not set applyImmediately.
        (
            "warning",
            "rds Instance ai-dev-metadata-db",
            "restarts on another instance; with Multi-AZ it fails over, about 5 minutes; it waits for the maintenance "
            "window sun:04:00-sun:05:00: instanceClass: db.t4g.micro → db.t4g.small",
        ),
        ("info", "Job mlflow-system/tenant-databases", "runs again"),
        ("info", "eks Cluster ai-dev-eks", "answers all the time: version: 1.35 → 1.36"),
        # A second pod would need a second GPU: the rollout of the only replica has none meanwhile.
        (
            "warning",
            "Deployment vllm/chat",
            "has fewer pods during the rollout (maxSurge 0), usually 60 seconds each: spec.template.spec."
            "containers[server].image: docker.io/vllm/vllm-openai:v0.33.0 → vllm/vllm-openai:v0.25.1",
        ),
    ],
)
def test_lost_has_what_an_edit_in_place_interrupts(severity: str, subject: str, text: str) -> None:
    assert text in told(lines(lost, *IN_PLACE), severity, subject)


def test_node_groups_are_replaced_node_by_node_for_a_minor_version() -> None:
    text = told(lines(lost, *IN_PLACE), "info", "eks ManagedNodeGroup gpu")

    assert text.startswith("replaces its nodes one after the other")
    assert "releaseVersion: 1.35.8-20260930 → 1.36.4-20260930; version: 1.35 → 1.36" in text


def test_minor_upgrade_and_growing_storage_are_not_refused() -> None:
    assert [(one.severity, one.text[:46]) for one in lines(refused, *IN_PLACE)] == [
        ("info", "RDS takes no other change of its storage until")
    ]


@each(
    ("subject", "text"),
    [
        ("eks ManagedNodeGroup system", "scalingConfig.maxSize: 4 → 6"),
        ("eks Cluster ai-dev-eks", 'publicAccessCidrs: ["203.0.113.0/24"] → ["198.51.100.0/24"]; version: 1.35 → 1.36'),
        ("rds Instance ai-dev-metadata-db", "allocatedStorage: 20 → 30; instanceClass: db.t4g.micro → db.t4g.small"),
        ("ResourceQuota team01/kf-resource-quota", "spec.hard.pods: 10 → 20"),
        ("Namespace team03", "added"),
    ],
)
def test_resources_shows_each_field_that_changes(subject: str, text: str) -> None:
    assert text in told(lines(resources, *IN_PLACE), "info", subject)


def test_money_gives_amounts_and_quantities_of_each_line() -> None:
    given = {one.subject: one.text for one in lines(money, *IN_PLACE)}

    # A db.t4g.small costs 0.032 USD an hour, twice as much as a db.t4g.micro, for the 260.7 hours of the schedule.
    small = "Instance database-metadata, rds_postgres_single_az_db.t4g.small"
    assert given[small] == "0.00 → 8.34 USD a month (+8.34); new: 260.714286 h at 0.032"
    # 10 GiB more at 0.115 USD, but none at the maximum: the storage may grow to 50 GiB on both sides.
    assert given["Instance database-metadata, rds_storage_gp3_single_az_gb_month"] == (
        "2.30 → 3.45 USD a month (+1.15, +1.15 to +0.00 from minimum to maximum size); quantity: 20 → 30 GB-month"
    )
    before, after = (side(*changes).cost for changes in ((), IN_PLACE))
    assert before is not None
    assert after is not None
    by = Decimal(after["monthly"]) - Decimal(before["monthly"])
    assert f"({by:+,.2f})" in given["total"]


@each(
    ("subject", "text"),
    [
        # Its name is fixed, so that Pulumi deletes the old group with all its nodes first.
        (
            "eks ManagedNodeGroup system",
            'instanceTypes: ["t3a.large", "t3.large", "m5.large", "m6i.large"] → ["m6i.large"]',
        ),
        ("eks ManagedNodeGroup system", "deleted first, away for its deletion and about 3 minutes of its creation"),
        # A third zone adds a subnet, and the subnets of a node group are fixed.
        ("eks ManagedNodeGroup gpu", "replaced: subnetIds: "),
    ],
)
def test_lost_gives_the_input_that_replaces_a_node_group(subject: str, text: str) -> None:
    assert text in told(lines(lost, *REPLACING), "warning", subject)


@each(
    ("subject", "text"),
    [
        (
            "rds Instance ai-dev-metadata-db",
            "replaced: dbName: mlflow → other; data lost: a database; deleted first, away for its deletion and about 8 "
            "minutes of its creation; nothing protects it",
        ),
        (
            "s3 Bucket ai-dev-artifacts",
            "replaced: bucket: ai-dev-artifacts → other-name; data lost: objects; the new one is made first, about 3 "
            "seconds; AWS refuses to delete a bucket with objects",
        ),
        ("Namespace team02", "deleted; data lost: everything in it is deleted with it; nothing protects it"),
        ("s3 Bucket ai-dev-team02", "deleted; data lost: objects; AWS refuses to delete a bucket with objects"),
    ],
)
def test_lost_data_is_an_error(subject: str, text: str) -> None:
    assert text in told(lines(lost, *REPLACING), "error", subject)


def test_bucket_of_another_name_replaces_its_parts_too() -> None:
    of_bucket = {type_: names for type_, names in replaced(*REPLACING).items() if ":s3/bucket" in type_}

    assert {type_ for type_, names in of_bucket.items() if "bucket-artifacts" in names} == {
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "aws:s3/bucketVersioning:BucketVersioning",
    }


def test_control_plane_in_another_zone_is_refused() -> None:
    text = told(lines(refused, *REPLACING), "error", "eks Cluster ai-dev-eks")

    assert "the subnets of the control plane stay in the zones of its creation: us-west-2c is new" in text


@each(
    ("subject", "text"),
    [
        ("eks Cluster ai-dev-eks", "EKS upgrades by one minor version at a time: 1.35 to 1.37; set 1.36 first"),
        (
            "rds Instance ai-dev-metadata-db",
            "a major upgrade of postgres from 17 to 18 requires allowMajorVersionUpgrade",
        ),
    ],
)
def test_upgrades_that_aws_rejects_are_refused(subject: str, text: str) -> None:
    assert text in told(lines(refused, *REFUSED), "error", subject)


def test_major_engine_version_is_not_refused_where_it_is_allowed() -> None:
    allowed = lines(refused, REFUSED[1], "databases.metadata.allowMajorVersionUpgrade=true")

    assert [one for one in allowed if "ai-dev-metadata-db" in one.subject] == []


@each(
    ("subject", "text"),
    [
        (
            "eks Cluster ai-dev-eks",
            "has to be replaced by hand: privateSubnetIds refers to ec2 Subnet network-private-us-west-2a, which is "
            "replaced; data lost: every object of Kubernetes",
        ),
        (
            "rds Instance ai-dev-metadata-db",
            "has to be replaced by hand: dbSubnetGroupName refers to rds SubnetGroup ai-dev-metadata-db-subnets, which "
            "is replaced; data lost: a database",
        ),
        ("objects of eks Cluster ai-dev-eks", "pulumi up does not make them again before pulumi refresh"),
    ],
)
def test_other_network_loses_cluster_and_database(subject: str, text: str) -> None:
    assert text in told(lines(lost, *CIDR), "error", subject)


def test_other_network_replaces_all_that_is_in_it() -> None:
    types = replaced(*CIDR)

    assert types["aws:ec2/vpc:Vpc"] == ["network"]
    assert len(types["aws:ec2/subnet:Subnet"]) == 4
    assert types["eks:index:ManagedNodeGroup"] == ["nodes-gpu", "nodes-system"]
    assert types["aws:ec2/natGateway:NatGateway"] == ["network-us-west-2a"]
    # Neither has an input of the network: they stay.
    assert "aws:s3/bucket:Bucket" not in types
    assert "aws:iam/role:Role" not in types


@each(
    "subject",
    [
        "eks Cluster ai-dev-eks",
        "lb LoadBalancer ai-dev-alb",
        "rds SubnetGroup ai-dev-metadata-db-subnets",
        "TargetGroupBinding mlflow/mlflow",
    ],
)
def test_other_network_is_refused_by_what_cannot_leave_the_old_one(subject: str) -> None:
    assert told(lines(refused, *CIDR), "error", subject)


def test_protection_that_is_new_changes_and_loses_nothing() -> None:
    # Volumes that are claimed later stay; the stateful set refers to the class by its name alone.
    assert [(one.severity, one.text) for one in lines(lost, *PROTECTED)] == [
        ("info", "replaced in less than 20 seconds each: StorageClass gp3")
    ]
    assert told(lines(resources, *PROTECTED), "info", "StorageClass gp3").startswith("replaced: reclaimPolicy: Delete")
    assert "protect: false → true" in told(lines(resources, *PROTECTED), "info", "rds Instance ai-dev-metadata-db")


def test_findings_that_are_new_have_their_severity_and_fix() -> None:
    new = [one for one in lines(found, *IN_PLACE) if one.severity == "warning"]

    assert [one.subject for one in new] == ["quota-request"]
    assert new[0].text.startswith("changed: 12 vCPUs of Spot Standard")


def test_stack_without_a_change_has_no_line() -> None:
    assert compare("dev", side(), side()).parts == ()


def test_sections_give_the_same_lines_again() -> None:
    first, second = (compare("dev", side(), side(*REPLACING)) for _ in range(2))

    assert first.parts == second.parts
    assert all(isinstance(line, Line) for line in first.lines)
