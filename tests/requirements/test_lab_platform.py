"""002: the cluster of a class, which its document leaves open: network, nodes, Kubeflow, ingress, hours and cost."""

import json
from decimal import Decimal
from ipaddress import IPv4Network

import pytest
import yaml

from aiplatform.fit.fit import fit
from catalog.quantities import CPU, MEMORY, amount
from catalog.support import support
from config.loader import load_file
from config.reach import reach
from config.settings import Settings
from tests.aiplatform.costing import stack_bill
from tests.config.base import ROOT, STACK_FILES, TODAY
from tests.each import each
from tests.requirements.conftest import planned
from tests.requirements.query import Planned

GROUP, SCHEDULE = "eks:index:ManagedNodeGroup", "aws:scheduler/schedule:Schedule"
SUBNET = "aws:ec2/subnet:Subnet"
ZONES = {"ap-northeast-2a", "ap-northeast-2c"}
HOST = "kubeflow.mlops-training.example.com"


@pytest.fixture(scope="module")
def lab() -> Planned:
    """The stack as it is shipped."""
    return planned("lab")


@pytest.fixture(scope="module")
def settings() -> Settings:
    """Its settings."""
    return load_file(STACK_FILES, "lab", today=TODAY).settings


# --- cluster ---


@pytest.mark.requirement("002-clu-01", "002-nam-06", "002-ver-05", "002-ops-09")
def test_cluster_has_the_name_and_region_of_the_course(lab: Planned) -> None:
    assert lab.one("eks:index:Cluster").inputs["name"] == "mlops-training-cluster"
    assert lab.region == "ap-northeast-2"
    assert lab.outputs["kubeconfig_command"] == (
        "aws eks update-kubeconfig --region ap-northeast-2 --name mlops-training-cluster"
    )
    assert lab.outputs["cluster_endpoint"].endswith(".ap-northeast-2.eks.amazonaws.com")


@pytest.mark.requirement("002-clu-02", "002-ver-02")
def test_kubernetes_version_is_supported_by_aws_and_kubeflow(lab: Planned) -> None:
    version = lab.one("eks:index:Cluster").inputs["version"]
    assert version == "1.35"
    assert lab.one("eks:index:Cluster").inputs["upgradePolicy"] == {"supportType": "STANDARD"}
    assert version in support()["kubernetes"].supported(TODAY)
    assert "1.27" not in support()["kubernetes"].versions, "the document's example is long gone"


# --- network ---


@pytest.mark.requirement("002-net-01")
def test_two_zones_have_private_subnets_for_nodes_and_public_ones(lab: Planned, settings: Settings) -> None:
    assert lab.one("aws:ec2/vpc:Vpc").inputs["cidrBlock"] == "10.30.0.0/16"
    tiers = settings.network.tiers()
    assert {one.zone for one in tiers.private} == {one.zone for one in tiers.public} == ZONES
    networks = {str(one.cidr) for one in tiers.private}
    private = {lab.id(one) for one in lab.all(SUBNET) if one.inputs["cidrBlock"] in networks}
    assert len(private) == 2
    for group in lab.all(GROUP):
        assert set(group.inputs["subnetIds"]) <= private
    assert len(lab.all("aws:ec2/natGateway:NatGateway")) == 1


@pytest.mark.requirement("002-net-01")
def test_s3_is_reached_without_the_nat_gateway(lab: Planned) -> None:
    endpoint = lab.one("aws:ec2/vpcEndpoint:VpcEndpoint").inputs
    assert (endpoint["serviceName"], endpoint["vpcEndpointType"]) == ("com.amazonaws.ap-northeast-2.s3", "Gateway")


@pytest.mark.requirement("002-net-01", "002-pol-04")
def test_control_plane_has_its_own_subnets(lab: Planned, settings: Settings) -> None:
    # A network policy can name them.
    networks = [IPv4Network(cidr) for cidr in settings.network.control_plane_cidrs()]
    assert [one.prefixlen for one in networks] == [28, 28]
    private = [IPv4Network(cidr) for cidr in settings.network.private_cidrs()]
    assert not [one for one in networks if any(one.overlaps(other) for other in private)]
    ids = {lab.id(one) for one in lab.all(SUBNET) if IPv4Network(one.inputs["cidrBlock"]) in networks}
    assert len(ids) == 2
    cluster = lab.one("eks:index:Cluster").inputs
    assert {subnet for key in ("subnetIds", "privateSubnetIds") for subnet in cluster.get(key) or ()} == ids


def test_control_plane_subnets_reach_the_secrets_webhook(lab: Planned, settings: Settings) -> None:
    # No ExternalSecret could be created.
    (rule,) = lab.manifest("NetworkPolicy", "operator", "external-secrets")["spec"]["ingress"]
    assert [one["ipBlock"]["cidr"] for one in rule["from"]] == settings.network.control_plane_cidrs()


@pytest.mark.requirement("002-pol-04", "002-ver-14", "002-ver-27")
def test_network_policies_are_enforced_by_the_cni(lab: Planned) -> None:
    values = lab.one("eks:index:Addon", addonName="vpc-cni").inputs["configurationValues"]
    assert values["enableNetworkPolicy"] == "true"
    for number in range(1, 16):
        policies = [
            one for one in lab.manifests("NetworkPolicy") if one["metadata"]["namespace"] == f"kubeflow-user{number:02}"
        ]
        assert {"default-deny", "own-tenant"} <= {one["metadata"]["name"] for one in policies}


@pytest.mark.requirement("002-net-01")
def test_users_connect_through_a_load_balancer_with_a_certificate(lab: Planned) -> None:
    balancer = lab.one("aws:lb/loadBalancer:LoadBalancer").inputs
    assert balancer["internal"] is False
    assert balancer["loadBalancerType"] == "application"
    https, http = sorted(lab.all("aws:lb/listener:Listener"), key=lambda one: -int(one.inputs["port"]))
    assert (https.inputs["port"], https.inputs["protocol"], http.inputs["port"]) == (443, "HTTPS", 80)
    assert http.inputs["defaultActions"][0]["type"] == "redirect"
    certificate = lab.one("aws:acm/certificate:Certificate").inputs
    assert HOST in {certificate["domainName"], *certificate.get("subjectAlternativeNames", ())}
    networks = {
        one.inputs["cidrIpv4"]
        for one in lab.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        if one.inputs.get("cidrIpv4")
    }
    assert networks == {"203.0.113.0/24"}, "the class room alone"
    (binding,) = [one for one in lab.manifests("TargetGroupBinding") if one["metadata"]["namespace"] == "istio-system"]
    assert binding["spec"]["serviceRef"]["name"] == "istio-ingressgateway"


# --- nodes ---


@pytest.mark.requirement("002-nod-01")
def test_nodes_scale_to_all_quotas_beside_kubeflow_and_the_servers(settings: Settings) -> None:
    tenants = settings.tenants
    assert tenants is not None
    assert tenants.overcommit == 1, "nothing is promised twice"
    quotas = [one.quota for one in tenants.all(settings.project.name)]
    cpu, memory = (
        sum(amount(resource, value) for value in values)
        for resource, values in ((CPU, [one.cpu for one in quotas]), (MEMORY, [one.memory for one in quotas]))
    )
    assert (cpu, memory) == (136_000, 272 * 2**30)
    there = reach(settings)
    # MLflow's servers count in their tenants' quotas. Kubeflow asks for 4.4 CPU and 12.3 GiB, controllers for 3 CPU and
    # 4 GiB, and each of 22 nodes keeps a fifth of a core for its own.
    assert there[CPU] - 4_400 - 3_000 - 22 * 200 >= cpu
    assert there[MEMORY] - (13 + 4) * 2**30 >= memory


@pytest.mark.requirement("002-nod-01")
def test_each_zone_has_its_own_training_group(lab: Planned) -> None:
    # Volumes are zonal.
    groups = {one.inputs["nodeGroupName"]: one.inputs for one in lab.all(GROUP)}
    assert {
        name: (one["instanceTypes"], one["capacityType"], one["scalingConfig"]) for name, one in groups.items()
    } == {
        "system": (["m7i.xlarge"], "ON_DEMAND", {"minSize": 2, "desiredSize": 2, "maxSize": 4}),
        "training-a": (["m7i.2xlarge"], "ON_DEMAND", {"minSize": 1, "desiredSize": 1, "maxSize": 9}),
        "training-c": (["m7i.2xlarge"], "ON_DEMAND", {"minSize": 1, "desiredSize": 1, "maxSize": 9}),
    }
    zones = {lab.id(one): one.inputs["availabilityZone"] for one in lab.all(SUBNET)}
    assert [{zones[subnet] for subnet in groups[name]["subnetIds"]} for name in ("training-a", "training-c")] == [
        {"ap-northeast-2a"},
        {"ap-northeast-2c"},
    ]
    storage = lab.manifest("StorageClass", "gp3")
    assert storage["volumeBindingMode"] == "WaitForFirstConsumer"


@pytest.mark.requirement("002-nod-01")
def test_autoscaler_adds_nodes_and_keeps_those_of_notebooks_during_class(lab: Planned) -> None:
    values = lab.release("cluster-autoscaler")["values"]
    assert values["autoDiscovery"]["clusterName"] == "mlops-training-cluster"
    assert values["extraArgs"]["scale-down-unneeded-time"] == "720m"


@pytest.mark.requirement("002-nod-01", "002-cst-01")
def test_nodes_stop_outside_class_hours_and_start_with_the_same_sizes(lab: Planned) -> None:
    found = {
        one.name: (one.inputs["scheduleExpression"], one.inputs["scheduleExpressionTimezone"])
        for one in lab.all(SCHEDULE)
    }
    assert len(found) == 2 * len(lab.all(GROUP)) == 6
    assert set(found.values()) == {
        ("cron(0 8 ? * MON-FRI *)", "Asia/Seoul"),
        ("cron(0 19 ? * MON-FRI *)", "Asia/Seoul"),
    }
    wakes = {one.inputs["target"]["input"] for one in lab.all(SCHEDULE, scheduleExpression="cron(0 8 ? * MON-FRI *)")}
    assert len(wakes) == 3
    assert all('"MinSize"' in one or "minSize" in one for one in wakes)


@pytest.mark.requirement("002-nod-01", "002-wkl-02")
def test_every_pod_fits_the_nodes_at_the_start_of_the_day(settings: Settings, lab: Planned) -> None:
    found = fit(lab.plan, settings)
    assert "Deployment kubeflow/ml-pipeline" in [one.workload.identity for one in found.levels["expected"].workloads]
    waiting = {level: [one.workload.identity for one in at.pending()] for level, at in found.levels.items()}
    assert waiting == {"minimum": [], "expected": [], "maximum": []}


# --- Kubeflow ---


@pytest.mark.requirement("002-wkl-02", "002-wkl-11", "002-ver-15")
def test_kubeflow_is_installed_with_every_part_of_one_release(lab: Planned) -> None:
    every = {one.name: one.inputs["directory"] for one in lab.all("kubernetes:kustomize/v2:Directory")}
    folders = {name: folder for name, folder in every.items() if name.startswith("kubeflow-")}
    wanted = ("cert-manager", "istio", "profiles", "admission-webhook", "dashboard", "notebook-controller", "notebooks")
    assert folders.keys() >= {f"kubeflow-{part}" for part in (*wanted, "pipelines", "knative", "kserve")}
    own = (ROOT / one / "kustomization.yaml" for one in folders.values() if not one.startswith("https://"))
    bases = [base for file in own for base in yaml.safe_load(file.read_text(encoding="utf-8"))["resources"]]
    remote = [*(one for one in folders.values() if one.startswith("https://")), *bases]
    assert len(remote) == len(folders) == 17
    assert {one.partition("//common/")[0].partition("//applications/")[0] for one in remote} == {
        "https://github.com/kubeflow/manifests"
    }
    assert {one.rpartition("?ref=")[2] for one in remote} == {"26.03"}


@pytest.mark.requirement("002-ver-15", "002-wkl-02")
def test_users_may_read_every_namespace_of_kubeflow(lab: Planned, settings: Settings) -> None:
    assert settings.kubeflow is not None
    seen = {
        one["metadata"]["namespace"]
        for one in lab.manifests("RoleBinding")
        if one["metadata"]["name"] == "tenants-view"
    }
    assert seen == {"kube-system", "mlflow-system", *settings.kubeflow.namespaces()}
    assert {"kubeflow", "istio-system", "cert-manager", "auth", "knative-serving"} <= seen


@pytest.mark.requirement("002-wkl-12", "002-sto-04", "002-wkl-15")
@each("name", [*(f"user{number:02}" for number in range(1, 16)), "user20"])
def test_pipelines_store_artifacts_in_the_bucket_of_the_tenant(lab: Planned, name: str) -> None:
    data = lab.manifest("ConfigMap", "kfp-launcher", f"kubeflow-{name}")["data"]
    assert data["defaultPipelineRoot"] == f"s3://mlops-training-{name}/kubeflow-pipeline-artifacts"
    provider = json.loads(data["providers"])["s3"]["default"]
    assert (provider["region"], provider["credentials"]) == ("ap-northeast-2", {"fromEnv": True})


@pytest.mark.requirement("002-wkl-09")
@each("name", [*(f"user{number:02}" for number in range(1, 16)), "user20"])
def test_pipelines_and_notebooks_reach_their_server_and_it_the_database(lab: Planned, name: str) -> None:
    place = f"kubeflow-{name}"
    inside = lab.manifest("NetworkPolicy", "own-tenant", place)["spec"]
    assert inside["ingress"] == [{"from": [{"podSelector": {}}]}]
    assert {"to": [{"podSelector": {}}]} in inside["egress"]
    (egress,) = lab.manifest("NetworkPolicy", "mlflow-server", place)["spec"]["egress"]
    assert egress["ports"] == [{"port": 5432, "protocol": "TCP"}]
    assert egress["to"][0]["podSelector"] == {"matchLabels": {"app": "postgres"}}


# --- cost ---


@pytest.mark.requirement("002-cst-01")
def test_bill_is_below_its_budget_and_lists_the_cost_of_each_tenant(settings: Settings) -> None:
    bill = stack_bill("lab")
    assert settings.costs.budget is not None
    assert bill.total.expected < Decimal(str(settings.costs.budget.monthly_limit))
    assert bill.by("tenant").keys() == {"shared", *(f"user{number:02}" for number in range(1, 16)), "user20"}
