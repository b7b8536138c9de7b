"""Pods that a bill expects beside those of the manifests: of tenants by their quotas, and of autoscaled workloads."""

from collections.abc import Mapping
from typing import Any

from aiplatform.cost.bill import cents
from aiplatform.cost.expected_pods import expected_pods
from aiplatform.cost.pricer import bill
from aiplatform.fit.workloads import Replicas, Workload
from catalog.prices import load_prices
from catalog.quantities import CPU, MEMORY
from config.settings import Settings
from tests.components.base import recorded, settings_from, settings_of
from tests.config.base import TODAY

GIB = 1024**3


def _settings(tenants: Mapping[str, Any], **assumptions: float) -> Settings:
    values = settings_of("lab").model_dump(mode="json", by_alias=True)
    values["costs"]["assumptions"] = assumptions
    values["tenants"] |= {"range": None, "members": {}, **tenants}
    return settings_from(Settings, values)


def _pods(settings: Settings, *workloads: Workload) -> list[tuple[int, int, int, str]]:
    return [
        (one.number, one.workload.asks(CPU), one.workload.asks(MEMORY), one.assumption)
        for one in expected_pods(settings, workloads)
    ]


def test_tenants_use_a_quarter_of_their_quota_in_pods_of_two_cores_and_eight_gib() -> None:
    # 2 CPUs and 4 GiB: one pod. 8 CPUs and 8 GiB: four pods. 1 CPU and 32 GiB: four pods.
    members = {
        "01": {"quota": {"cpu": "8", "memory": "16Gi"}},
        "02": {"quota": {"cpu": "8", "memory": "16Gi"}},
        "03": {"quota": {"cpu": "32", "memory": "32Gi"}},
        "04": {"quota": {"cpu": "4", "memory": "128Gi"}},
    }
    assert sorted(_pods(_settings({"members": members}))) == [
        (2, 2000, 4 * GIB, "tenantQuotaPercent"),
        (4, 250, 8 * GIB, "tenantQuotaPercent"),
        (4, 2000, 2 * GIB, "tenantQuotaPercent"),
    ]


def test_pods_of_a_tenant_in_the_plan_are_part_of_its_quota() -> None:
    server = Workload("Deployment", "kubeflow-user01", "mlflow", Replicas(1, 1, 1), ((CPU, 500), (MEMORY, GIB)))
    settings = _settings({"members": {"01": {"quota": {"cpu": "8", "memory": "16Gi"}}}})
    assert _pods(settings, server) == [(1, 1500, 3 * GIB, "tenantQuotaPercent")]


def test_suspended_tenants_and_a_share_of_nothing_have_no_pods() -> None:
    assert _pods(_settings({"members": {"01": {"suspended": True}}})) == []
    assert _pods(_settings({"members": {"01": {}}}, tenantQuotaPercent=0)) == []


def test_autoscaled_workloads_have_more_replicas_only_as_assumed() -> None:
    scaled = Workload("Deployment", "dev", "api", Replicas(2, 2, 8), ((CPU, 500),))
    fixed = Workload("Deployment", "dev", "web", Replicas(2, 2, 2), ((CPU, 500),))
    assert _pods(_settings({}), scaled, fixed) == []
    assert _pods(_settings({}, scaledReplicasPercent=50), scaled, fixed) == [(3, 500, 0, "scaledReplicasPercent")]


def test_nodes_that_tenants_add_name_the_assumption() -> None:
    def total(percent: float) -> tuple[str, bool]:
        settings = settings_of("lab")
        assumptions = settings.costs.assumptions.model_copy(update={"tenant_quota_percent": percent})
        costs = settings.costs.model_copy(update={"assumptions": assumptions})
        settings = settings.model_copy(update={"costs": costs})
        found = bill(recorded("lab").plan, costs, load_prices(), today=TODAY, settings=settings)
        return str(cents(found.total.expected)), "tenantQuotaPercent" in found.assumptions

    assert total(0) == ("607.42", False)
    assert total(25) == ("992.22", True)
    # Ten pods more than 19 training nodes hold are pending: the bill ends with full groups.
    assert total(100)[1]
