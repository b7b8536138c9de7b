"""000: CPU and GPU node groups and their autoscaling."""

import pytest

from aiplatform.preview.plan import Resource
from catalog.reading.problems import SettingsError
from tests.requirements.conftest import WhatIf
from tests.requirements.query import Planned

GROUP = "eks:index:ManagedNodeGroup"
AUTOSCALER_TAGS = {"k8s.io/cluster-autoscaler/enabled": "true", "k8s.io/cluster-autoscaler/mdpg-mlops-eks": "owned"}
TEMPLATE = "k8s.io/cluster-autoscaler/node-template"


def group(plan: Planned, name: str) -> Resource:
    """A node group by its name in EKS."""
    return plan.one(GROUP, nodeGroupName=name)


@pytest.mark.requirement("000-nod-01", "000-nod-03", "000-nod-04")
def test_cpu_workers_are_two_t3_medium_and_scale_to_five(mlflow: Planned) -> None:
    cpu = group(mlflow, "cpu-workers").inputs
    assert cpu["instanceTypes"] == ["t3.medium"]
    assert cpu["capacityType"] == "ON_DEMAND"
    assert cpu["scalingConfig"] == {"minSize": 2, "maxSize": 5, "desiredSize": 2}
    assert cpu.get("taints", []) == []


@pytest.mark.requirement("000-nod-01")
def test_t3_medium_allows_more_than_seventeen_pods(mlflow: Planned) -> None:
    # The platform would not fit.
    env = mlflow.one("eks:index:Addon", addonName="vpc-cni").inputs["configurationValues"]["env"]
    assert env["ENABLE_PREFIX_DELEGATION"] == "true"


@pytest.mark.requirement("000-nod-05")
def test_cpu_workers_have_their_label_and_tag(mlflow: Planned) -> None:
    cpu = group(mlflow, "cpu-workers").inputs
    assert cpu["labels"] == {"workload": "cpu"}
    assert cpu["tags"]["NodeGroup"] == "cpu-workers"


@pytest.mark.requirement("000-nod-06")
def test_cpu_workers_run_amazon_linux_2023_and_bottlerocket_by_setting(mlflow: Planned, what_if: WhatIf) -> None:
    assert group(mlflow, "cpu-workers").inputs["amiType"] == "AL2023_x86_64_STANDARD"
    bottlerocket = what_if("nodeGroups.cpu-workers.operatingSystem=BOTTLEROCKET")
    assert group(bottlerocket, "cpu-workers").inputs["amiType"] == "BOTTLEROCKET_x86_64"


@pytest.mark.requirement("000-nod-06", "000-nod-11")
@pytest.mark.parametrize(
    ("name", "ami_type", "instead"),
    [
        ("cpu-workers", "AL2_x86_64", "AL2023_x86_64_STANDARD"),
        ("gpu-workers", "AL2_x86_64_GPU", "AL2023_x86_64_NVIDIA"),
    ],
)
def test_amazon_linux_2_images_are_refused(what_if: WhatIf, name: str, ami_type: str, instead: str) -> None:
    with pytest.raises(SettingsError, match=f"{ami_type} is no longer offered since 2025-11-26; use {instead}"):
        what_if(f"nodeGroups.{name}.amiType={ami_type}")


@pytest.mark.requirement("000-nod-07")
def test_cluster_autoscaler_matches_the_cluster_version_and_finds_both_groups(mlflow: Planned) -> None:
    release = mlflow.release("cluster-autoscaler")
    values = release["values"]
    assert (release["chart"], release["namespace"]) == ("cluster-autoscaler", "kube-system")
    assert values["autoDiscovery"] == {"clusterName": "mdpg-mlops-eks"}
    assert values["awsRegion"] == "us-west-2"
    assert values["image"]["tag"].startswith(f"v{mlflow.one('eks:index:Cluster').inputs['version']}.")
    for name in ("cpu-workers", "gpu-workers"):
        assert AUTOSCALER_TAGS.items() <= group(mlflow, name).inputs["tags"].items()
        # What the autoscaler sets must not be undone by the next update.
        assert group(mlflow, name).inputs["ignoreScalingChanges"] is True


@pytest.mark.requirement("000-nod-07")
def test_autoscaler_may_resize_groups_of_this_cluster_only(mlflow: Planned) -> None:
    role = "mdpg-mlops-cluster-autoscaler"
    assert mlflow.trusted_account(role) == "kube-system:cluster-autoscaler"
    annotations = mlflow.release("cluster-autoscaler")["values"]["rbac"]["serviceAccount"]["annotations"]
    assert annotations == {"eks.amazonaws.com/role-arn": f"arn:aws:iam::123456789012:role/{role}"}
    statements = mlflow.statements(role)
    resize = next(item for item in statements if "autoscaling:SetDesiredCapacity" in item["Action"])
    assert resize["Condition"]["StringEquals"] == {
        f"aws:ResourceTag/{key}": value for key, value in AUTOSCALER_TAGS.items()
    }
    # Without it no group leaves zero.
    assert "eks:DescribeNodegroup" in {action for item in statements for action in item["Action"]}


@pytest.mark.requirement("000-nod-08", "000-nod-09", "000-nod-12")
def test_gpu_workers_are_spot_and_scale_from_zero_to_five(mlflow: Planned) -> None:
    gpu = group(mlflow, "gpu-workers").inputs
    assert gpu["capacityType"] == "SPOT"
    assert gpu["scalingConfig"] == {"minSize": 0, "maxSize": 5, "desiredSize": 0}
    assert gpu["tags"]["NodeGroup"] == "gpu-workers"


@pytest.mark.requirement("000-nod-12")
def test_only_the_gpu_group_can_scale_to_zero(mlflow: Planned) -> None:
    # CoreDNS and MLflow run on the other one.
    idle = [item for item in mlflow.all(GROUP) if item.inputs["scalingConfig"]["minSize"] == 0]
    assert [item.inputs["nodeGroupName"] for item in idle] == ["gpu-workers"]


@pytest.mark.requirement("000-nod-10")
def test_gpu_workers_have_a_label_and_a_taint_with_tolerations(mlflow: Planned) -> None:
    gpu = group(mlflow, "gpu-workers").inputs
    assert gpu["labels"]["workload"] == "gpu"
    assert gpu["taints"] == [{"key": "nvidia.com/gpu", "value": "true", "effect": "NO_SCHEDULE"}]
    plugin = mlflow.release("nvidia-device-plugin")["values"]
    assert plugin["tolerations"] == [{"key": "nvidia.com/gpu", "operator": "Exists"}]
    (term,) = plugin["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    (expression,) = term["matchExpressions"]
    assert gpu["labels"][expression["key"]] in expression["values"]


@pytest.mark.requirement("000-nod-09", "000-nod-10")
def test_autoscaler_tags_describe_gpu_nodes(mlflow: Planned) -> None:
    # It would never start one.
    tags = {tag.inputs["tag"]["key"]: tag.inputs["tag"]["value"] for tag in mlflow.all("aws:autoscaling/tag:Tag")}
    assert {key: tags.get(f"{TEMPLATE}/{key}") for key in ("label/workload", "taint/nvidia.com/gpu")} == {
        "label/workload": "gpu",
        "taint/nvidia.com/gpu": "true:NoSchedule",
    }
    assert tags[f"{TEMPLATE}/resources/nvidia.com/gpu"] == "1"


@pytest.mark.requirement("000-nod-11")
@pytest.mark.deviates("000-nod-02")
def test_gpu_workers_have_several_types_that_aws_offers(mlflow: Planned, what_if: WhatIf) -> None:
    gpu = group(mlflow, "gpu-workers").inputs
    assert gpu["instanceTypes"] == ["g4dn.xlarge", "g5.xlarge", "g6.xlarge"]
    assert gpu["amiType"] == "AL2023_x86_64_NVIDIA"
    with pytest.raises(SettingsError, match=r"p3\.2xlarge is no longer offered; use g4dn\.xlarge"):
        what_if("nodeGroups.gpu-workers.instanceTypes=[p3.2xlarge]")


@pytest.mark.requirement("000-wkl-03")
def test_later_service_gets_nodes_database_and_bucket_by_settings(what_if: WhatIf) -> None:
    plan = what_if(
        "nodeGroups.airflow={instanceTypes: [m6i.large], scaling: {min: 1, desired: 1, max: 3}}",
        "databases.airflow={engine: postgres, engineVersion: '17', instanceClass: db.t3.small, databaseName: airflow}",
        "buckets.airflow-logs={}",
    )
    assert group(plan, "airflow").inputs["scalingConfig"] == {"minSize": 1, "maxSize": 3, "desiredSize": 1}
    assert plan.one("aws:rds/instance:Instance", identifier="mdpg-mlops-airflow-db").inputs["dbName"] == "airflow"
    buckets = {bucket.inputs["bucket"] for bucket in plan.all("aws:s3/bucket:Bucket")}
    assert buckets == {"mdpg-mlops-mlflow-artifacts", "mdpg-mlops-airflow-logs"}
