"""The cost of tenants: resources by tag and namespace, nodes by quota."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiplatform.cost.bill import NOTHING, SHARED, SIZES, Bill, Sizes, cents
from aiplatform.cost.document import cost_json
from aiplatform.cost.show import table
from aiplatform.preview.plan import Resource
from catalog.prices import PriceTable
from components.base.naming import TENANT_TAG
from components.kubernetes.namespace import TENANT_LABEL
from config.running_hours import running_days, times
from config.schedules import eventbridge_expression
from tests.aiplatform.costing import OFFICE, priced, prices, resource, sleeps, stack_bill
from tests.components.base import settings_of

TABLE = prices(
    {"ebs_gp3_gb_month": "0.1", "kms_key_month": "1", "eks_control_plane_hour": "0.1"},
    {"m7i.large": ("1", "0.5"), "g5.xlarge": ("2", "1")},
)
"""700 hours a month: a node of m7i.large is 700 USD, and weighs 9 x 2 vCPU + 8 GiB = 26."""

TAINT = [{"key": "class", "value": "late", "effect": "NO_SCHEDULE"}]


def nodes(
    name: str = "cpu", type_: str = "m7i.large", sizes: tuple[int, int, int] = (1, 2, 4), **more: Any
) -> Resource:
    least, usual, most = sizes
    scaling = {"minSize": least, "desiredSize": usual, "maxSize": most}
    return resource(
        "eks:index:ManagedNodeGroup", name, nodeGroupName=name, instanceTypes=[type_], scalingConfig=scaling, **more
    )


def tenant(name: str, *, pods: str = "10", **hard: str) -> tuple[Resource, Resource]:
    """A namespace with a quota."""
    wanted = {f"requests.{key}": value for key, value in hard.items()}
    metadata = {"name": "kf-resource-quota", "namespace": f"ns-{name}"}
    return (
        resource(
            "kubernetes:core/v1:Namespace",
            f"{name}-namespace",
            metadata={"name": f"ns-{name}", "labels": {TENANT_LABEL: name}},
        ),
        resource(
            "kubernetes:core/v1:ResourceQuota",
            f"{name}-quota",
            apiVersion="v1",
            kind="ResourceQuota",
            metadata=metadata,
            spec={"hard": {**wanted, "pods": pods}},
        ),
    )


def server(namespace: str, cpu: str, memory: str) -> Resource:
    container = {"name": "it", "resources": {"requests": {"cpu": cpu, "memory": memory}}}
    return resource(
        "kubernetes:apps/v1:Deployment",
        f"{namespace}-server",
        apiVersion="apps/v1",
        kind="Deployment",
        metadata={"name": "server", "namespace": namespace},
        spec={"replicas": 1, "template": {"metadata": {}, "spec": {"containers": [container]}}},
    )


def bill_of(*resources: Resource, price_table: PriceTable = TABLE) -> Bill:
    return priced(*resources, table=price_table)


def shown(sizes: Sizes) -> list[Decimal]:
    return [cents(sizes.at(size)) for size in SIZES]


# --- nodes ---


def test_tenant_share_of_nodes_is_that_of_its_quota() -> None:
    bill = bill_of(nodes(), *tenant("one", cpu="1", memory="4Gi"))
    # 13 of 52 as expected, 13 of 104 at the maximum; no pod of it is in the plan.
    assert shown(bill.by("tenant")["one"]) == [0, 350, 350]
    assert shown(bill.by("tenant")[SHARED]) == [700, 1050, 2450]


def test_minimum_share_of_a_tenant_is_that_of_its_requests() -> None:
    bill = bill_of(nodes(), *tenant("one", cpu="2", memory="8Gi"), server("ns-one", "1", "4Gi"))
    # 13 of 26, and then 26 of 52.
    assert shown(bill.by("tenant")["one"])[:2] == [350, 700]


def test_overcommitted_quotas_share_the_nodes_in_proportion() -> None:
    platform = server("kube-system", "1", "4Gi")
    two = (*tenant("one", cpu="2", memory="8Gi"), *tenant("two", cpu="2", memory="8Gi"))
    bill = bill_of(nodes(sizes=(1, 1, 4)), *two, platform)
    # 26 and 26 of tenants with 13 of the platform for 26 that there are: 700 x 26 / 65.
    assert shown(bill.by("tenant")["one"])[1] == 280
    assert shown(bill.by("tenant")[SHARED])[1] == 140
    # Four nodes have room for all: what nobody asked for is shared.
    assert shown(bill.by("tenant")["two"])[2] == 700
    assert shown(bill.by("tenant")[SHARED])[2] == 1400


def test_gpu_nodes_are_divided_by_gpus_only() -> None:
    gpu = nodes("gpu", "g5.xlarge", (0, 0, 4))
    bill = bill_of(gpu, nodes(), *tenant("one", **{"nvidia.com/gpu": "1"}), *tenant("two", cpu="2", memory="8Gi"))
    parts = bill.by("tenant")
    # One node for the assumed 20 hours, all of it for who may have a GPU; a quarter of four nodes at the maximum.
    assert shown(parts["one"]) == [0, 40, 1400]
    assert shown(parts["two"]) == [0, 700, 700]


def test_tenants_with_access_to_one_gpu_share_its_hours() -> None:
    gpu = nodes("gpu", "g5.xlarge", (0, 0, 4))
    bill = bill_of(gpu, *(each for name in ("one", "two") for each in tenant(name, **{"nvidia.com/gpu": "1"})))
    assert [shown(bill.by("tenant")[name])[1] for name in ("one", "two")] == [20, 20]


def test_nodes_with_a_taint_are_shared() -> None:
    # Pods of tenants do not run there.
    bill = bill_of(nodes(taints=TAINT), nodes("open"), *tenant("one", cpu="1", memory="4Gi"))
    assert shown(bill.by("tenant")["one"])[1] == 350
    preferred = [{**TAINT[0], "effect": "PREFER_NO_SCHEDULE"}]
    bill = bill_of(nodes(taints=preferred), nodes("open"), *tenant("one", cpu="1", memory="4Gi"))
    # 13 of 104 of 2,800.
    assert shown(bill.by("tenant")["one"])[1] == 350


def test_suspended_tenant_has_no_share_of_nodes() -> None:
    bill = bill_of(nodes(), *tenant("one", pods="0", cpu="1", memory="4Gi"))
    assert bill.by("tenant").keys() == {SHARED}


def test_nodes_with_a_schedule_are_divided_like_others() -> None:
    bill = bill_of(nodes(), *sleeps("nodes", "cpu", *OFFICE), *tenant("one", cpu="1", memory="4Gi"))
    # 250 of 700 hours.
    assert shown(bill.by("tenant")["one"])[1:] == [125, 125]


def test_stack_without_tenants_is_shared_as_a_whole() -> None:
    assert bill_of(nodes(), server("team", "1", "4Gi")).by("tenant").keys() == {SHARED}


quotas = st.lists(st.tuples(st.integers(1, 64), st.integers(1, 256)), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=3, max_size=3).map(sorted), quotas)
def test_shares_are_never_negative_and_sum_to_the_total(sizes: list[int], given_quotas: list[tuple[int, int]]) -> None:
    least, usual, most = sizes
    who = [
        each
        for number, (cpu, memory) in enumerate(given_quotas)
        for each in tenant(f"user{number}", cpu=str(cpu), memory=f"{memory}Gi")
    ]
    bill = bill_of(nodes(sizes=(least, usual, most)), server("kube-system", "500m", "1Gi"), *who)
    parts = bill.by("tenant")
    rest = sum(parts.values(), NOTHING) - bill.total
    for size in SIZES:
        assert all(amount.at(size) >= -Decimal("0.0001") for amount in parts.values())
        assert abs(rest.at(size)) < Decimal("1e-12")


# --- what is one's own ---


def test_tagged_resources_and_those_of_its_namespace_belong_to_a_tenant() -> None:
    claims = {
        "metadata": {"name": "it", "namespace": "ns-one"},
        "spec": {"resources": {"requests": {"storage": "50Gi"}}},
    }
    found = bill_of(
        *tenant("one"),
        resource("aws:kms/key:Key", tags={TENANT_TAG: "two"}),
        resource("kubernetes:core/v1:PersistentVolumeClaim", "data", **claims),
        resource(
            "kubernetes:storage.k8s.io/v1:StorageClass",
            metadata={"name": "gp3"},
            provisioner="ebs.csi.aws.com",
            parameters={"type": "gp3"},
        ),
    )
    assert {name: shown(amount)[1] for name, amount in found.by("tenant").items()} == {"one": 5, "two": 1}


@pytest.mark.parametrize(("assumed", "storage", "expected"), [(10, "100Gi", 1), (10, "5Gi", "0.5"), (40, "100Gi", 4)])
def test_assumed_volumes_of_a_tenant_stay_within_its_quota(assumed: int, storage: str, expected: float) -> None:
    disks = resource(
        "kubernetes:storage.k8s.io/v1:StorageClass", metadata={"name": "gp3"}, provisioner="ebs.csi.aws.com"
    )
    bill = priced(*tenant("one", storage=storage), disks, table=TABLE, volumeGbPerTenant=assumed)
    (line,) = bill.lines
    assert shown(line.monthly) == [0, Decimal(str(expected)), Decimal(storage.removesuffix("Gi")) / 10]
    assert line.owner.tenant == "one"
    assert bill.assumptions == {"volumeGbPerTenant": assumed}


def test_quota_of_another_namespace_costs_nothing() -> None:
    _, quota = tenant("one", storage="100Gi")
    assert bill_of(quota).lines == ()


@pytest.mark.parametrize("stack", ["dev", "prod", "tenants"])
def test_bucket_images_password_and_volumes_belong_to_their_tenant(stack: str) -> None:
    section = settings_of(stack).tenants
    assert section is not None
    everybody = {tenant.name for tenant in section.all(settings_of(stack).project.name)}
    bill, own = stack_bill(stack), {"s3_standard_gb_month", "ecr_storage_gb_month", "secrets_manager_secret_month"}
    for name in everybody:
        items = {line.item for line in bill.lines if line.owner.tenant == name}
        assert items == {*own, "ebs_gp3_gb_month"}, name
    assert everybody <= set(bill.tenants)


def test_retained_resources_of_a_removed_tenant_stay_on_the_bill() -> None:
    items = {line.item for line in stack_bill("tenants").lines if line.owner.tenant == "user04"}
    assert items == {"s3_standard_gb_month", "ecr_storage_gb_month"}


# --- a day of the course ---


def share(start: str, stop: str) -> float:
    """Days of the week."""
    return float(running_days(times(eventbridge_expression(start)), times(eventbridge_expression(stop))) * 7)


@pytest.mark.parametrize(
    ("start", "stop", "days"),
    [
        ("0 8 * * MON-FRI", "0 20 * * MON-FRI", 5),
        # Nights between too.
        ("0 8 * * MON", "0 20 * * FRI", 5),
        # Monday to the midnight that begins Wednesday.
        ("0 8 * * MON", "0 0 * * WED", 2),
        ("0 20 * * FRI", "0 8 * * MON", 4),
        ("0 22 * * *", "0 6 * * *", 7),
        ("0 8 31 2 *", "0 20 * * *", 0),
    ],
)
def test_days_with_running_hours_are_counted(start: str, stop: str, days: float) -> None:
    assert share(start, stop) == days


def test_days_of_a_month_are_averaged_over_four_years() -> None:
    assert share("0 8 1 * *", "0 20 1 * *") == pytest.approx(7 * 48 / 1461)


def test_course_day_adds_scheduled_hours_and_a_day_of_all_else() -> None:
    cluster = resource("aws:eks/cluster:Cluster", version="1.35", upgradePolicy={"supportType": "STANDARD"})
    bill = bill_of(nodes(), cluster, *sleeps("nodes", "cpu", *OFFICE), *tenant("one", cpu="1", memory="4Gi"))
    # Two nodes for 12 hours at 1 USD; the control plane for 24 at 0.1.
    assert shown(bill.sum_of("day"))[1] == Decimal("26.4")
    assert {name: shown(amount)[1] for name, amount in bill.by("tenant", "day").items()} == {
        "one": 6,
        SHARED: Decimal("20.4"),
    }


def test_course_day_without_a_schedule_is_a_day_of_the_month() -> None:
    bill = stack_bill("prod")
    assert cents(bill.sum_of("day").expected) == cents(bill.total.expected * 24 / 730)


def test_table_and_document_have_month_day_and_full_share_of_a_tenant() -> None:
    bill = bill_of(nodes(), *sleeps("nodes", "cpu", *OFFICE), *tenant("one", cpu="1", memory="4Gi"))
    lines = list(table(bill, settings_of("dev").costs, by="tenant", size="expected"))
    day = lines.index(next(line for line in lines if line.startswith("on a course day")))
    assert [line.split()[-3:] for line in lines[day + 1 : day + 4]] == [
        ["12.00", "18.00", "42.00"],
        ["0.00", "6.00", "6.00"],
        ["12.00", "24.00", "48.00"],
    ]
    assert "a tenant, one of 1, is 500.00 USD a month and 24.00 a course day" in " ".join(" ".join(lines).split())
    document = json.loads(cost_json(bill))
    assert document["by"]["tenant"]["one"] == {"monthly": 125.0, "minimum": 0.0, "maximum": 125.0}
    assert document["courseDay"]["by"]["tenant"]["one"] == {"monthly": 6.0, "minimum": 0.0, "maximum": 6.0}
    assert document["courseDay"]["monthly"] == 24.0


def test_stack_without_tenants_has_no_course_day() -> None:
    lines = table(bill_of(nodes()), settings_of("dev").costs, by="tenant", size="expected")
    assert not any("course" in line for line in lines)
