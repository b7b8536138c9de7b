"""Each pricing rule against a figure calculated by hand; the arithmetic is in the comments.

The prices are round and the month has 700 hours, so that no figure comes out by accident.
"""

from decimal import Decimal
from typing import Any

import pytest

from aiplatform.cost.bill import Bill, Sizes
from aiplatform.cost.pricing.storage import gibibytes
from aiplatform.preview.plan import Resource
from tests.aiplatform.costing import OFFICE, priced, prices, resource, sleeps
from tests.each import each

GROUP = "eks:index:ManagedNodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
TYPES = prices(
    {"ebs_gp3_gb_month": "0.1"},
    {
        "t3.large": ("0.10", "0.05"),
        "t3a.large": ("0.08", "0.03"),
        "m5.large": (None, "0.07"),
        "g5.xlarge": ("1", "0.5"),
    },
)


def group(name: str = "cpu", sizes: tuple[int, int, int] = (1, 2, 4), **inputs: Any) -> Resource:
    least, usual, most = sizes
    scaling = {"minSize": least, "desiredSize": usual, "maxSize": most}
    return resource(
        GROUP, name, **{"nodeGroupName": name, "instanceTypes": ["t3.large"], "scalingConfig": scaling, **inputs}
    )


def amounts(bill: Bill) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    """USD a month by item."""
    found: dict[str, Sizes] = {}
    for line in bill.lines:
        found[line.item] = found[line.item] + line.monthly if line.item in found else line.monthly
    exact = Decimal("0.000001")
    return {
        item: (each.minimum.quantize(exact), each.expected.quantize(exact), each.maximum.quantize(exact))
        for item, each in found.items()
    }


def only(bill: Bill) -> tuple[Decimal, Decimal, Decimal]:
    (found,) = amounts(bill).values()
    return found


def always(amount: str) -> tuple[Decimal, Decimal, Decimal]:
    return (Decimal(amount),) * 3


# --- nodes ---


def test_nodes_cost_their_hours_at_minimum_desired_and_maximum_size() -> None:
    # 1, 2 and 4 nodes x 700 h x 0.10
    assert only(priced(group(), table=TYPES)) == (70, 140, 280)


def test_stopped_nodes_cost_nothing() -> None:
    # 60 of 168 hours x 700 h = 250 h a node
    assert only(priced(group(), *sleeps("nodes", "cpu", *OFFICE), table=TYPES)) == (25, 50, 100)


def test_schedule_of_another_group_changes_nothing() -> None:
    assert only(priced(group(), *sleeps("nodes", "gpu", *OFFICE), table=TYPES)) == (70, 140, 280)


def test_on_demand_uses_the_first_type() -> None:
    # EKS tries the list in its order.
    assert only(priced(group(instanceTypes=["t3.large", "t3a.large"]), table=TYPES)) == (70, 140, 280)


def test_spot_uses_the_cheapest_and_at_the_maximum_the_most_expensive_type() -> None:
    # price-capacity-optimized: https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html
    spot = group(instanceTypes=["t3.large", "t3a.large", "m5.large"], capacityType="SPOT")
    # 1 x 700 h x 0.03; 2 x 700 h x 0.03; 4 x 700 h x 0.07
    assert only(priced(spot, table=TYPES)) == (21, 42, 196)


def test_one_more_spot_type_raises_no_expected_bill() -> None:
    usual = [
        only(priced(group(instanceTypes=types, capacityType="SPOT"), table=TYPES))[1]
        for types in (["t3.large"], ["t3.large", "m5.large"], ["t3.large", "m5.large", "t3a.large"])
    ]
    # 2 x 700 h at 0.05, 0.05 and 0.03
    assert usual == [70, 70, 42]


def test_group_at_zero_runs_the_assumed_hours() -> None:
    waiting = group("gpu", (0, 0, 2), instanceTypes=["g5.xlarge"])
    bill = priced(waiting, table=TYPES, gpuHoursPerMonth=20)
    # 0; 20 h x 1; 2 x 700 h x 1
    assert only(bill) == (0, 20, 1400)
    assert bill.assumptions == {"gpuHoursPerMonth": 20}


def test_groups_can_have_their_own_assumed_hours() -> None:
    waiting = group("gpu", (0, 0, 2), instanceTypes=["g5.xlarge"])
    bill = priced(waiting, table=TYPES, groupHoursPerMonth={"gpu": 55.5, "other": 1})
    assert only(bill)[1] == Decimal("55.5")
    assert bill.assumptions == {"groupHoursPerMonth.gpu": Decimal("55.5")}


def test_assumed_hours_are_capped_by_the_largest_size_of_a_group() -> None:
    waiting = group("gpu", (0, 0, 2), instanceTypes=["g5.xlarge"])
    # 2 nodes x 700 h
    assert only(priced(waiting, table=TYPES, gpuHoursPerMonth=100_000)) == (0, 1400, 1400)


def test_schedule_limits_the_hours_of_a_group_that_starts_with_no_node_too() -> None:
    waiting = group("gpu", (0, 0, 2), instanceTypes=["g5.xlarge"])
    bill = priced(waiting, *sleeps("nodes", "gpu", *OFFICE), table=TYPES, gpuHoursPerMonth=20)
    # 2 nodes x 700 h x 60 of 168 h
    assert only(bill) == (0, 20, 500)
    assert [line.days for line in bill.lines] == [Decimal(700) / 24 * 5 / 7]


def test_node_pays_for_the_volume_of_its_launch_template() -> None:
    template = resource(TEMPLATE, "cpu", blockDeviceMappings=[{"ebs": {"volumeSize": 50, "volumeType": "gp3"}}])
    other = resource(TEMPLATE, "other", blockDeviceMappings=[{"ebs": {"volumeSize": 900, "volumeType": "gp3"}}])
    with_disk = resource(GROUP, "cpu", dependencies=(template.urn,), **group().inputs)
    found = amounts(priced(other, template, with_disk, *sleeps("nodes", "cpu", *OFFICE), table=TYPES))
    # 2 nodes x 50 GB x 60/168 x 0.1 = 3.571429
    assert found["ebs_gp3_gb_month"][1] == Decimal("3.571429")


def test_iops_and_throughput_above_the_gp3_baseline_are_billed() -> None:
    table = prices({"ebs_gp3_gb_month": "0.1", "ebs_gp3_iops_month": "0.005", "ebs_gp3_throughput_month": "0.04"})
    volume = resource("aws:ebs/volume:Volume", size=100, type="gp3", iops=5000, throughput=225)
    # 100 GB x 0.1; 2,000 beyond 3,000 x 0.005; 100 beyond 125 x 0.04
    assert amounts(priced(volume, table=table)) == {
        "ebs_gp3_gb_month": always("10"),
        "ebs_gp3_iops_month": always("10"),
        "ebs_gp3_throughput_month": always("4"),
    }


def test_iops_of_io2_are_billed_by_tiers() -> None:
    item = "ebs_io2_iops"
    table = prices({
        "ebs_io2_gb_month": "0.125",
        f"{item}_month": "0.1",
        f"{item}_next_32000_month": "0.05",
        f"{item}_over_64000_month": "0.02",
    })  # fmt: skip
    volume = resource("aws:ebs/volume:Volume", size=200, type="io2", iops=70000)
    # 200 GB x 0.125; 32,000 x 0.1; 32,000 x 0.05; 6,000 x 0.02
    assert amounts(priced(volume, table=table)) == {
        "ebs_io2_gb_month": always("25"),
        f"{item}_month": always("3200"),
        f"{item}_next_32000_month": always("1600"),
        f"{item}_over_64000_month": always("120"),
    }


def test_throughput_of_a_database_beyond_the_free_part_is_billed() -> None:
    table = prices({
        "rds_postgres_single_az_db.m7g.large": "0.1",
        "rds_storage_gp3_single_az_gb_month": "0.1",
        "rds_gp3_single_az_iops_month": "0.02",
        "rds_gp3_single_az_throughput_month": "0.08",
    })  # fmt: skip
    inputs = {"engine": "postgres", "instanceClass": "db.m7g.large", "storageType": "gp3", "allocatedStorage": 400}
    found = amounts(
        priced(resource("aws:rds/instance:Instance", **inputs, iops=13000, storageThroughput=600), table=table)
    )
    # 1,000 beyond 12,000 x 0.02; 100 MiB/s beyond 500 x 0.08
    assert found["rds_gp3_single_az_iops_month"] == always("20")
    assert found["rds_gp3_single_az_throughput_month"] == always("8")


# --- the control plane ---


@pytest.mark.parametrize(
    ("version", "support", "expected"),
    # Standard support of 1.33 ended on 2026-07-29, that of 1.35 ends in 2027: 700 h x 0.1 or 0.6.
    [("1.35", "EXTENDED", 70), ("1.33", "EXTENDED", 420), ("1.33", "STANDARD", 70), ("1.33", None, 420)],
)
def test_control_plane_in_extended_support_costs_six_times_as_much(
    version: str, support: str | None, expected: int
) -> None:
    table = prices({"eks_control_plane_hour": "0.1", "eks_control_plane_extended_hour": "0.6"})
    policy = {"upgradePolicy": {"supportType": support}} if support else {}
    cluster = resource("eks:index:Cluster", version=version, **policy)
    assert only(priced(cluster, table=table)) == always(str(expected))


# --- the network ---


def test_nat_gateways_share_the_traffic_and_each_is_billed_by_hour() -> None:
    table = prices({"nat_gateway_hour": "0.05", "nat_gateway_gb": "0.04", "public_ipv4_hour": "0.005"})
    three = [resource("aws:ec2/natGateway:NatGateway", name) for name in "abc"]
    address = resource("aws:ec2/eip:Eip")
    # 3 x 700 h x 0.05; 300 GB x 0.04 whatever their number; 700 h x 0.005
    assert amounts(priced(*three, address, table=table, natGbPerMonth=300)) == {
        "nat_gateway_hour": always("105"),
        "nat_gateway_gb": always("12"),
        "public_ipv4_hour": always("3.5"),
    }


def test_interface_endpoints_are_billed_by_hour_and_zone_and_gateway_ones_are_free() -> None:
    table = prices({"vpc_endpoint_interface_hour": "0.01", "vpc_endpoint_interface_gb": "0.02"})
    kind = "aws:ec2/vpcEndpoint:VpcEndpoint"
    endpoints = (
        resource(kind, "sts", vpcEndpointType="Interface", subnetIds=["a", "b", "c"]),
        resource(kind, "logs", vpcEndpointType="Interface", subnetIds=["a"]),
        resource(kind, "s3", vpcEndpointType="Gateway"),
    )
    # (3 + 1) x 700 h x 0.01; 50 GB x 0.02 in both together
    assert amounts(priced(*endpoints, table=table, endpointGbPerMonth=50)) == {
        "vpc_endpoint_interface_hour": always("28"),
        "vpc_endpoint_interface_gb": always("1"),
    }


@pytest.mark.parametrize(
    ("gigabytes", "expected"),
    [
        (99, {"data_transfer_out_first_10tb_gb": "0"}),
        # 500 - 100 free = 400 x 0.1
        (500, {"data_transfer_out_first_10tb_gb": "40"}),
        # 20,340 - 100 = 10,240 x 0.1 + 10,000 x 0.08
        (20_340, {"data_transfer_out_first_10tb_gb": "1024", "data_transfer_out_next_40tb_gb": "800"}),
    ],
)
def test_internet_egress_is_free_to_100_gb_and_cheaper_from_10_tb(gigabytes: int, expected: dict[str, str]) -> None:
    table = prices({"data_transfer_out_first_10tb_gb": "0.1", "data_transfer_out_next_40tb_gb": "0.08"})
    gateway = resource("aws:ec2/internetGateway:InternetGateway")
    found = amounts(priced(gateway, table=table, dataTransferOutGb=gigabytes))
    assert found == {item: always(amount) for item, amount in expected.items()}


def test_traffic_between_zones_is_billed_in_both_directions() -> None:
    table = prices({"data_transfer_cross_az_gb_each_direction": "0.01"})
    # 150 GB x 2 x 0.01
    assert only(priced(resource("aws:ec2/vpc:Vpc"), table=table, crossZoneGb=150)) == always("3")


BALANCERS = prices(
    {
        "alb_hour": "0.02",
        "alb_lcu_hour": "0.01",
        "nlb_hour": "0.03",
        "nlb_nlcu_hour": "0.006",
        "public_ipv4_hour": "0.005",
    }
)
BALANCER = "aws:lb/loadBalancer:LoadBalancer"


def test_public_load_balancer_has_an_address_per_subnet_and_internal_none() -> None:
    public = resource(BALANCER, loadBalancerType="application", internal=False, subnets=["a", "b", "c"])
    internal = resource(BALANCER, loadBalancerType="application", internal=True, subnets=["a", "b"])
    # 700 h x 0.02; 2 units x 700 h x 0.01; 3 addresses x 700 h x 0.005
    own = {"alb_hour": always("14"), "alb_lcu_hour": always("14")}
    assert amounts(priced(public, table=BALANCERS, lcu=2)) == {**own, "public_ipv4_hour": always("10.5")}
    assert amounts(priced(internal, table=BALANCERS, lcu=2)) == own


def test_ingresses_of_one_group_share_a_load_balancer() -> None:
    notes = {"alb.ingress.kubernetes.io/scheme": "internet-facing", "alb.ingress.kubernetes.io/group.name": "shared"}
    kind = "kubernetes:networking.k8s.io/v1:Ingress"
    two = [resource(kind, name, metadata={"name": name, "annotations": notes}) for name in ("a", "b")]
    subnets = [resource("aws:ec2/subnet:Subnet", name, tags={"kubernetes.io/role/elb": "1"}) for name in "xy"]
    found = amounts(priced(*two, *subnets, resource("aws:ec2/subnet:Subnet", "z"), table=BALANCERS, lcu=0))
    # one x 700 h x 0.02; two addresses x 700 h x 0.005
    assert (found["alb_hour"], found["public_ipv4_hour"]) == (always("14"), always("7"))


def test_service_of_type_load_balancer_is_a_network_load_balancer() -> None:
    kind = "kubernetes:core/v1:Service"
    balanced = resource(kind, "a", spec={"type": "LoadBalancer"}, metadata={"name": "a"})
    inner = resource(kind, "b", spec={"type": "ClusterIP"}, metadata={"name": "b"})
    # 700 h x 0.03; 1 unit x 700 h x 0.006
    assert amounts(priced(balanced, inner, table=BALANCERS, lcu=1)) == {
        "nlb_hour": always("21"),
        "nlb_nlcu_hour": always("4.2"),
    }


# --- databases ---

RDS = "aws:rds/instance:Instance"
DATABASES = prices(
    {
        "rds_postgres_single_az_db.t4g.small": "0.03",
        "rds_postgres_multi_az_db.t4g.small": "0.06",
        "rds_storage_gp3_single_az_gb_month": "0.1",
        "rds_storage_gp3_multi_az_gb_month": "0.2",
        "backup_rds_gb_month": "0.095",
        "secrets_manager_secret_month": "0.4",
    }
)


def database(**inputs: Any) -> Resource:
    given = {"engine": "postgres", "instanceClass": "db.t4g.small", "storageType": "gp3", "allocatedStorage": 20}
    return resource(RDS, identifier="shop-db", **{**given, **inputs})


def test_multi_az_database_has_multi_az_prices_for_instance_and_storage() -> None:
    # 700 h x 0.06; 20 GB x 0.2, and 100 GB x 0.2 once it has grown
    assert amounts(priced(database(multiAz=True, maxAllocatedStorage=100), table=DATABASES)) == {
        "rds_postgres_multi_az_db.t4g.small": always("42"),
        "rds_storage_gp3_multi_az_gb_month": (4, 4, 20),
    }


def test_stopped_database_is_billed_for_storage_only() -> None:
    found = amounts(priced(database(), *sleeps("database", "shop-db", *OFFICE), table=DATABASES))
    # 60/168 x 700 h = 250 h x 0.03; 20 GB x 0.1 all month
    assert found == {
        "rds_postgres_single_az_db.t4g.small": always("7.5"),
        "rds_storage_gp3_single_az_gb_month": always("2"),
    }


def test_backups_and_the_secret_of_rds_are_billed() -> None:
    given = database(backupRetentionPeriod=7, manageMasterUserPassword=True)
    found = amounts(priced(given, table=DATABASES, backupGb=40))
    # 40 GB x 0.095; one secret
    assert found["backup_rds_gb_month"] == always("3.8")
    assert found["secrets_manager_secret_month"] == always("0.4")


@each(("days", "amount"), [(1, "1"), (7, "7"), (30, "30")])
def test_backups_of_rds_grow_with_their_retention(days: int, amount: str) -> None:
    """10 GB x days / 7 beyond the free part, at 0.7: 1.00 a day."""
    table = prices({"backup_rds_gb_month": "0.7"})
    found = amounts(priced(database(backupRetentionPeriod=days), table=table, backupGb=10))
    assert found["backup_rds_gb_month"] == always(amount)


def test_first_day_of_backups_of_aurora_is_free() -> None:
    found = amounts(priced(*aurora(1, 1, backupRetentionPeriod=1), table=AURORA, backupGb=40))
    assert found["backup_aurora_gb_month"] == always("0")


def test_replicated_backups_have_a_copy_of_the_database_of_which_nothing_is_free() -> None:
    """100 GB of the database, and 10 GB of changes in a week: 110 x 0.1 in the other region."""
    source = database(allocatedStorage=100)
    copy = resource(
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
        dependencies=(source.urn,),
        retentionPeriod=7,
    )
    found = priced(source, copy, table=prices({"backup_rds_gb_month": "0.1"}), backupGb=10)
    assert [line.monthly.expected for line in found.lines] == [11]


def test_vault_is_billed_by_the_kinds_of_what_it_saves() -> None:
    """50 GB of a volume of 60 GB, claims of 3 x 20 GB, a database of 60 GB and a cluster of 20 GB: 30, 15 and 5."""
    template = {"spec": {"resources": {"requests": {"storage": "20Gi"}}}}
    found = priced(
        resource("aws:backup/vault:Vault"),
        resource("aws:ebs/volume:Volume", size=60),
        resource("kubernetes:apps/v1:StatefulSet", spec={"replicas": 3, "volumeClaimTemplates": [template]}),
        database(allocatedStorage=60),
        resource("aws:rds/cluster:Cluster"),
        table=prices(
            {
                "aws_backup_ebs_warm_gb_month": "0.05",
                "backup_rds_gb_month": "0.095",
                "backup_aurora_gb_month": "0.02",
            }
        ),
        vaultGb=50,
        auroraGb=20,
    )
    of_vault = {line.item: line.quantity.expected for line in found.lines if line.owner.urn.endswith("Vault::it")}
    assert of_vault == {"aws_backup_ebs_warm_gb_month": 30, "backup_rds_gb_month": 15, "backup_aurora_gb_month": 5}


def test_cache_is_billed_per_node_and_replica() -> None:
    table = prices({"elasticache_valkey_cache.t4g.small": "0.02"})
    kind = "aws:elasticache/replicationGroup:ReplicationGroup"
    given = {"engine": "valkey", "nodeType": "cache.t4g.small"}
    # 2 shards x (1 + 2) x 700 h x 0.02; 3 nodes; 1 node
    sharded = resource(kind, numNodeGroups=2, replicasPerNodeGroup=2, **given)
    assert only(priced(sharded, table=table)) == always("84")
    assert only(priced(resource(kind, numCacheClusters=3, **given), table=table)) == always("42")
    assert only(priced(resource(kind, **given), table=table)) == always("14")


def test_cache_has_one_free_snapshot() -> None:
    table = prices({"elasticache_redis_cache.t4g.small": "0.02", "backup_elasticache_gb_month": "0.085"})
    kind = "aws:elasticache/replicationGroup:ReplicationGroup"
    given = {"engine": "redis", "nodeType": "cache.t4g.small", "numCacheClusters": 1}
    one = resource(kind, snapshotRetentionLimit=1, **given)
    assert "backup_elasticache_gb_month" not in amounts(priced(one, table=table, backupGb=40))
    # Seven more: 40 GB x 0.085
    more = amounts(priced(resource(kind, snapshotRetentionLimit=8, **given), table=table, backupGb=40))
    assert more["backup_elasticache_gb_month"] == always("3.4")


AURORA = prices(
    {
        "aurora_pg_serverless_v2_acu_hour": "0.12",
        "aurora_pg_serverless_v2_io_optimized_acu_hour": "0.16",
        "aurora_storage_gb_month": "0.1",
        "aurora_io_optimized_storage_gb_month": "0.225",
        "aurora_io_million": "0.2",
        "backup_aurora_gb_month": "0.02",
        "secrets_manager_secret_month": "0.4",
    }
)


def aurora(least: float, most: float, **inputs: Any) -> tuple[Resource, Resource]:
    """A cluster and its writer."""
    scaling = {"minCapacity": least, "maxCapacity": most}
    cluster = resource(
        "aws:rds/cluster:Cluster", clusterIdentifier="shop", serverlessv2ScalingConfiguration=scaling, **inputs
    )
    writer = resource(
        "aws:rds/clusterInstance:ClusterInstance",
        "writer",
        clusterIdentifier="shop",
        instanceClass="db.serverless",
    )
    return cluster, writer


@pytest.mark.parametrize(
    ("least", "most", "assumed", "amounts_of_acus"),
    [
        # 700 h x 0.12 = 84.00 an ACU
        (0.5, 4, 1, ("42", "84", "336")),
        (0, 4, 1, ("0", "33.6", "336")),
        (2, 4, 1, ("168", "168", "336")),
        (0.5, 4, 9, ("42", "336", "336")),
    ],
    ids=["between", "pauses", "not below the least", "not above the most"],
)
def test_serverless_instance_is_billed_at_minimum_assumed_and_maximum_capacity(
    least: float, most: float, assumed: float, amounts_of_acus: tuple[str, str, str]
) -> None:
    # Of which 60 % are idle: a cluster pauses with a minimum of 0 only.
    found = amounts(priced(*aurora(least, most), table=AURORA, auroraAcu=assumed, auroraIdlePercent=60))
    assert found["aurora_pg_serverless_v2_acu_hour"] == tuple(map(Decimal, amounts_of_acus))


def test_aurora_cluster_is_billed_for_storage_requests_backups_and_secret() -> None:
    given = aurora(0.5, 4, manageMasterUserPassword=True, backupRetentionPeriod=8)
    found = amounts(priced(*given, table=AURORA, auroraGb=50, auroraIoMillions=30, backupGb=40))
    found.pop("aurora_pg_serverless_v2_acu_hour")
    # 50 x 0.1; 30 x 0.2; 40 x 0.02; 0.4
    assert found == {
        "aurora_storage_gb_month": always("5"),
        "aurora_io_million": always("6"),
        "backup_aurora_gb_month": always("0.8"),
        "secrets_manager_secret_month": always("0.4"),
    }


def test_io_optimized_storage_raises_capacity_and_storage_and_frees_requests() -> None:
    found = amounts(priced(*aurora(1, 1, storageType="aurora-iopt1"), table=AURORA, auroraGb=40, backupGb=0))
    # 700 h x 0.16; 40 x 0.225
    assert found == {
        "aurora_pg_serverless_v2_io_optimized_acu_hour": always("112"),
        "aurora_io_optimized_storage_gb_month": always("9"),
        "backup_aurora_gb_month": always("0"),
    }


# --- storage ---

LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"


def test_bucket_holds_the_assumed_size_and_moves_a_share_by_lifecycle() -> None:
    table = prices({"s3_standard_gb_month": "0.02", "s3_standard_ia_gb_month": "0.01"})
    bucket = resource("aws:s3/bucket:Bucket", "artifacts")
    moves = {"transitions": [{"days": 90, "storageClass": "STANDARD_IA"}]}
    rules = [{"noncurrentVersionExpiration": {}}, moves]
    lifecycle = resource(LIFECYCLE, "artifacts", dependencies=(bucket.urn,), rules=rules)
    # Beside it, of another bucket whose objects stay.
    other = resource(LIFECYCLE, "an-earlier-name", dependencies=("urn:other",), rules=[])
    # 200 GB x 0.02; a quarter of it x 0.01
    assert only(priced(bucket, table=table, s3GbPerBucket=200)) == always("4")
    assert amounts(priced(bucket, other, lifecycle, table=table, s3GbPerBucket=200, s3ColdPercent=25)) == {
        "s3_standard_gb_month": always("3"),
        "s3_standard_ia_gb_month": always("0.5"),
    }


def test_intelligent_tiering_has_two_tiers_and_bills_the_monitoring_of_objects() -> None:
    """Of 200 GB a half is moved, and 30 % of that is not read: 170 x 0.02, 30 x 0.01; of 4 MB each, 25 thousand
    objects x 0.0025.
    """
    table = prices(
        {
            "s3_standard_gb_month": "0.02",
            "s3_standard_ia_gb_month": "0.01",
            "s3_tiering_objects_month": "0.0025",
        }
    )
    bucket = resource("aws:s3/bucket:Bucket", "artifacts")
    rules = [{"transitions": [{"days": 0, "storageClass": "INTELLIGENT_TIERING"}]}]
    lifecycle = resource(LIFECYCLE, "artifacts", dependencies=(bucket.urn,), rules=rules)
    given = {"s3GbPerBucket": 200, "s3ColdPercent": 50, "s3IdlePercent": 30, "s3ObjectMb": 4}
    found = priced(bucket, lifecycle, table=table, **given)
    assert [(line.item, line.monthly.expected) for line in found.lines] == [
        ("s3_standard_gb_month", 2),
        ("s3_standard_gb_month", Decimal("1.4")),
        ("s3_standard_ia_gb_month", Decimal("0.3")),
        ("s3_tiering_objects_month", Decimal("0.0625")),
    ]


def test_volumes_of_a_chart_are_billed_by_its_values() -> None:
    table = prices({"ebs_gp3_gb_month": "0.1"})

    def claim(size: str) -> dict[str, Any]:
        spec = {"storageClassName": "gp3", "resources": {"requests": {"storage": size}}}
        return {"volumeClaimTemplate": {"spec": spec}}

    values = {
        "prometheus": {"prometheusSpec": {"replicas": 2, "storageSpec": claim("50Gi")}},
        "alertmanager": {"alertmanagerSpec": {"storage": claim("1Gi")}},
        "grafana": {"persistence": {"enabled": False}},
    }
    for chart in ("kube-prometheus-stack", "charts/kube-prometheus-stack-88.5.3.tgz"):
        release = resource("kubernetes:helm.sh/v3:Release", "monitoring", chart=chart, values=values)
        # (2 x 50 GiB + 1 GiB) x 0.1
        assert only(priced(release, table=table)) == always("10.1")
    other = resource("kubernetes:helm.sh/v3:Release", "other", chart="kube-prometheus", values=values)
    assert amounts(priced(other, table=table)) == {}


def test_claimed_volumes_are_billed_while_stopped_and_running() -> None:
    table = prices({"ebs_gp3_gb_month": "0.1"})
    spec = {"resources": {"requests": {"storage": "20Gi"}}}
    claim = resource("kubernetes:core/v1:PersistentVolumeClaim", spec=spec)
    pods = {"replicas": 3, "volumeClaimTemplates": [{"spec": spec}]}
    stateful = resource("kubernetes:apps/v1:StatefulSet", spec=pods)
    # 20 GB x 0.1, once and for each of three pods
    assert only(priced(claim, table=table)) == always("2")
    assert only(priced(stateful, table=table)) == always("6")


@pytest.mark.parametrize(
    ("written", "expected"), [("20Gi", "20"), ("512Mi", "0.5"), ("1Ti", "1024"), ("1073741824", "1"), ("2.5Gi", "2.5")]
)
def test_kubernetes_quantities_are_counted_in_gib(written: str, expected: str) -> None:
    assert gibibytes(written) == Decimal(expected)


# --- keys, names, logs ---


@pytest.mark.parametrize(
    ("type_", "item"),
    [
        ("aws:kms/key:Key", "kms_key_month"),
        ("aws:secretsmanager/secret:Secret", "secrets_manager_secret_month"),
        ("aws:route53/zone:Zone", "route53_hosted_zone_month"),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", "cloudwatch_alarm_month"),
    ],
)
def test_resources_with_a_unit_price_are_billed_once(type_: str, item: str) -> None:
    two = [resource(type_, name) for name in ("a", "b")]
    assert amounts(priced(*two, table=prices({item: "0.4"}))) == {item: always("0.8")}


def test_logs_are_billed_at_ingestion_and_a_seventh_as_storage() -> None:
    table = prices({"cloudwatch_logs_ingest_gb": "0.5", "cloudwatch_logs_storage_gb_month": "0.03"})
    kind = "aws:cloudwatch/logGroup:LogGroup"
    group = resource(kind, name="/aws/eks/shop-eks/cluster", retentionInDays=60)
    bill = priced(group, table=table, controlPlaneLogsGbPerMonth=20)
    # 20 GB x 0.5; 20 GB x 60/30 months x 0.15 compressed = 6 GB x 0.03
    assert amounts(bill) == {
        "cloudwatch_logs_ingest_gb": always("10"),
        "cloudwatch_logs_storage_gb_month": always("0.18"),
    }


def test_each_kind_of_log_has_its_own_assumption() -> None:
    kind = "aws:cloudwatch/logGroup:LogGroup"
    flows = "arn:aws:logs:us-west-2:123456789012:log-group:/aws/vpc/flows"
    bill = priced(
        resource(kind, "a", name="/aws/eks/shop-eks/cluster", retentionInDays=7),
        resource(kind, "b", name="/aws/vpc/flows", retentionInDays=7),
        resource(kind, "c", name="/aws/rds/instance/shop/upgrade", retentionInDays=7),
        resource("aws:ec2/flowLog:FlowLog", logDestination=flows),
    )
    found = {line.owner.name: line.assumptions for line in bill.lines}
    assert found == {
        "a": ("controlPlaneLogsGbPerMonth", "auditLogsPercent"),
        "b": ("flowLogsGbPerMonth",),
        "c": ("logsGbPerMonth",),
    }
