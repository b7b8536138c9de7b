"""Values derived from settings: AMI types, taints, expressions, names."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from catalog.instance_types import Accelerator, Architecture, InstanceKind, gpus, instance_kind
from config.databases import Database
from config.ingress import Ingress
from config.nodes import NodeGroup
from config.project import Project
from config.schedules import eventbridge_expression
from config.settings import Settings
from tests.config.base import BASE, load
from tests.each import each


def group(*instance_types: str, **values: Any) -> NodeGroup:
    scaling = {"min": 0, "desired": 0, "max": 1}
    return NodeGroup.model_validate({"instanceTypes": instance_types, "scaling": scaling} | values)


def database(**values: Any) -> Database:
    base = {"engine": "postgres", "engineVersion": "17", "instanceClass": "db.t4g.small", "databaseName": "runs"}
    return Database.model_validate(base | values)


@each(
    ("instance_type", "architecture", "accelerator"),
    [
        ("t3.medium", "x86_64", "none"),
        ("m7i-flex.large", "x86_64", "none"),
        ("t4g.small", "arm64", "none"),
        ("c7gn.large", "arm64", "none"),
        ("im4gn.large", "arm64", "none"),
        ("is4gen.large", "arm64", "none"),
        ("a1.large", "arm64", "none"),
        ("x2gd.large", "arm64", "none"),
        ("g4dn.xlarge", "x86_64", "nvidia"),
        ("g4ad.xlarge", "x86_64", "none"),
        ("g5.xlarge", "x86_64", "nvidia"),
        ("g5g.xlarge", "arm64", "nvidia"),
        ("g6.xlarge", "x86_64", "nvidia"),
        ("g6e.xlarge", "x86_64", "nvidia"),
        ("gr6.4xlarge", "x86_64", "nvidia"),
        ("p4d.24xlarge", "x86_64", "nvidia"),
        ("p5.4xlarge", "x86_64", "nvidia"),
        ("p5en.48xlarge", "x86_64", "nvidia"),
        ("p6-b200.48xlarge", "x86_64", "nvidia"),
        ("p6e-gb200.36xlarge", "arm64", "nvidia"),
        ("inf2.xlarge", "x86_64", "neuron"),
        ("trn1n.32xlarge", "x86_64", "neuron"),
        ("trn2.48xlarge", "x86_64", "neuron"),
        ("u-6tb1.112xlarge", "x86_64", "none"),
    ],
)
def test_processor_and_accelerator_follow_from_the_instance_family(
    instance_type: str, architecture: Architecture, accelerator: Accelerator
) -> None:
    assert instance_kind(instance_type) == InstanceKind(architecture, accelerator)


@pytest.mark.parametrize(
    ("instance_type", "count"),
    [
        ("t3.medium", 0),
        ("inf2.xlarge", 0),
        ("g4dn.xlarge", 1),
        ("g4dn.12xlarge", 4),
        ("g5.16xlarge", 1),
        ("g5.48xlarge", 8),
        ("g6e.12xlarge", 4),
        ("p4d.24xlarge", 8),
        ("p5.4xlarge", 1),
        ("p5.48xlarge", 8),
    ],
)
def test_gpus_of_a_node_are_those_that_pods_can_request(instance_type: str, count: int) -> None:
    assert gpus(instance_type) == count


@pytest.mark.parametrize(
    ("instance_type", "operating_system", "ami_type", "plugin", "disk"),
    [
        ("t3.medium", "AL2023", "AL2023_x86_64_STANDARD", False, 30),
        ("t4g.medium", "AL2023", "AL2023_ARM_64_STANDARD", False, 30),
        ("g5.xlarge", "AL2023", "AL2023_x86_64_NVIDIA", True, 200),
        ("g5g.xlarge", "AL2023", "AL2023_ARM_64_NVIDIA", True, 200),
        ("inf2.xlarge", "AL2023", "AL2023_x86_64_NEURON", False, 30),
        ("t3.medium", "BOTTLEROCKET", "BOTTLEROCKET_x86_64", False, 30),
        ("t4g.medium", "BOTTLEROCKET", "BOTTLEROCKET_ARM_64", False, 30),
        ("g5.xlarge", "BOTTLEROCKET", "BOTTLEROCKET_x86_64_NVIDIA", False, 200),
        ("g5g.xlarge", "BOTTLEROCKET", "BOTTLEROCKET_ARM_64_NVIDIA", False, 200),
    ],
)
def test_ami_plugin_and_disk_of_a_group_follow_from_type_and_system(
    instance_type: str, operating_system: str, ami_type: str, plugin: bool, disk: int
) -> None:
    nodes = group(instance_type, operatingSystem=operating_system)
    assert nodes.derived_ami_type() == ami_type
    assert nodes.needs_device_plugin() is plugin
    assert (nodes.root_disk().size_gib, nodes.root_disk().type) == (disk, "gp3")


def test_gpu_group_has_the_label_and_taint_of_gpus() -> None:
    nodes = group("g5.xlarge", labels={"workload": "gpu"}, taints=({"key": "capacity", "value": "spot"},))
    assert nodes.all_labels() == {
        "workload": "gpu",
        "nvidia.com/gpu.present": "true",
        "k8s.amazonaws.com/accelerator": "nvidia-a10g",
    }
    assert [(taint.key, taint.value, taint.effect) for taint in nodes.all_taints()] == [
        ("capacity", "spot", "NoSchedule"),
        ("nvidia.com/gpu", "true", "NoSchedule"),
    ]


def test_given_gpu_taint_is_not_duplicated() -> None:
    # EKS refuses duplicates.
    nodes = group("g5.xlarge", taints=({"key": "nvidia.com/gpu", "value": "present", "effect": "NoExecute"},))
    assert [(taint.value, taint.effect) for taint in nodes.all_taints()] == [("present", "NoExecute")]


@pytest.mark.parametrize("instance_type", ["t3.medium", "t4g.medium", "inf2.xlarge"])
def test_other_groups_have_no_gpu_label_or_taint(instance_type: str) -> None:
    nodes = group(instance_type, labels={"workload": "cpu"})
    assert nodes.all_labels() == {"workload": "cpu"}
    assert nodes.all_taints() == ()
    assert not nodes.has_gpus()


def test_gpus_of_a_mixed_group_are_the_minimum() -> None:
    # A pod must fit every node.
    assert group("g5.12xlarge", "g5.xlarge", "g5.48xlarge").gpus_per_node() == 1


def test_given_disk_is_kept() -> None:
    assert group("g5.xlarge", disk={"sizeGib": 500, "throughput": 250}).root_disk().throughput == 250


@each(
    ("cron", "expression"),
    [
        ("0 8 * * *", "cron(0 8 * * ? *)"),
        ("*/15 0-6 1,15 * *", "cron(*/15 0-6 1,15 * ? *)"),
        ("0 8 1 jan-mar *", "cron(0 8 1 JAN-MAR ? *)"),
        ("0 8 * * MON-FRI", "cron(0 8 ? * MON-FRI *)"),
        ("0 8 * * mon-fri", "cron(0 8 ? * MON-FRI *)"),
        ("0 8 * * 0", "cron(0 8 ? * SUN *)"),
        ("0 8 * * 1", "cron(0 8 ? * MON *)"),
        ("0 8 * * 6", "cron(0 8 ? * SAT *)"),
        ("0 8 * * 7", "cron(0 8 ? * SUN *)"),
        ("0 8 * * 1-5", "cron(0 8 ? * MON-FRI *)"),
        ("0 8 * * 0-6", "cron(0 8 ? * SUN-SAT *)"),
        ("0 8 * * 0-7", "cron(0 8 ? * SUN,MON,TUE,WED,THU,FRI,SAT *)"),
        ("0 8 * * 1-7", "cron(0 8 ? * MON,TUE,WED,THU,FRI,SAT,SUN *)"),
        ("0 8 * * 7-2", "cron(0 8 ? * SUN-TUE *)"),
        ("0 8 * * 3-3", "cron(0 8 ? * WED *)"),
        ("0 8 * * SAT-SUN", "cron(0 8 ? * SAT,SUN *)"),
        ("0 8 * * FRI-MON", "cron(0 8 ? * FRI,SAT,SUN,MON *)"),
        ("0 8 * * 1,WED,5", "cron(0 8 ? * MON,WED,FRI *)"),
        ("0 8 * * 1-3,6", "cron(0 8 ? * MON-WED,SAT *)"),
        ("0 8 * * */2", "cron(0 8 ? * SUN,TUE,THU,SAT *)"),
        ("0 8 * * 1-5/2", "cron(0 8 ? * MON,WED,FRI *)"),
        ("0 8 * * MON/3", "cron(0 8 ? * MON,THU *)"),
    ],
)
def test_cron_becomes_an_eventbridge_expression_of_the_same_days(cron: str, expression: str) -> None:
    """EventBridge counts Sunday as 1 where cron has 0: names leave no doubt."""
    assert eventbridge_expression(cron) == expression


@pytest.mark.parametrize(
    ("engine", "version", "derived"),
    [
        ("postgres", "17", ("17", 5432, ("postgresql", "upgrade"), {"rds.force_ssl": "1"})),
        ("postgres", "17.7", ("17", 5432, ("postgresql", "upgrade"), {"rds.force_ssl": "1"})),
        ("mysql", "8.4", ("8.4", 3306, ("error", "slowquery"), {"require_secure_transport": "ON"})),
        ("mysql", "8.4.6", ("8.4", 3306, ("error", "slowquery"), {"require_secure_transport": "ON"})),
    ],
)
def test_database_port_logs_and_tls_follow_from_the_engine(
    engine: str, version: str, derived: tuple[object, ...]
) -> None:
    settings = database(engine=engine, engineVersion=version)
    found = (settings.major_version(), settings.port(), settings.exported_logs(), settings.all_parameters())
    assert found == derived


def test_database_parameters_extend_that_of_tls_and_logs_can_be_empty() -> None:
    settings = database(parameters={"work_mem": "64MB"}, logExports=())
    assert settings.all_parameters() == {"rds.force_ssl": "1", "work_mem": "64MB"}
    assert settings.exported_logs() == ()


@pytest.mark.parametrize(
    ("values", "facing"),
    [({}, False), ({"domain": "example.com"}, True), ({"domain": "example.com", "public": False}, False)],
)
def test_load_balancer_without_a_domain_is_internal(values: dict[str, Any], facing: bool) -> None:
    assert Ingress.model_validate(values).internet_facing is facing


def test_names_are_built_from_project_and_key_unless_given(tmp_path: Path) -> None:
    settings = load(tmp_path, BASE + "  ai-platform:secrets: {token: {description: A token}}\n").settings
    assert settings.cluster_name() == "shop-eks"
    assert settings.vpc_name() == "shop-vpc"
    assert settings.bucket_name("artifacts") == "shop-artifacts"
    assert settings.database_identifier("runs") == "shop-runs-db"
    assert settings.secret_name("token") == "shop/token"


def test_given_names_are_kept(tmp_path: Path) -> None:
    text = (
        BASE.replace("artifacts: {}", "artifacts: {name: my-artifacts}")
        .replace("databaseName: mlflow", "databaseName: mlflow\n      identifier: my-db")
        .replace("    endpoint", "    name: my-eks\n    endpoint")
        .replace("    cidr:", "    name: my-vpc\n    cidr:")
    )
    settings = load(tmp_path, text).settings
    assert (settings.cluster_name(), settings.vpc_name()) == ("my-eks", "my-vpc")
    assert (settings.bucket_name("artifacts"), settings.database_identifier("runs")) == ("my-artifacts", "my-db")


def test_default_tags_name_the_project_and_stack_tags_override_them() -> None:
    project = Project.model_validate(
        {"name": "shop", "environment": "test", "region": "us-west-2", "tags": {"Project": "Shop", "Team": "ML"}}
    )
    assert project.default_tags() == {"Project": "Shop", "Environment": "test", "ManagedBy": "Pulumi", "Team": "ML"}


def test_settings_are_frozen() -> None:
    project = Project.model_validate({"name": "shop", "environment": "test", "region": "us-west-2"})
    with pytest.raises(ValidationError, match="frozen"):
        project.name = "other"  # type: ignore[misc]


def test_every_public_model_forbids_unknown_keys() -> None:
    schema = Settings.model_json_schema(by_alias=True)
    objects = {name: model for name, model in schema["$defs"].items() if model["type"] == "object"}
    assert len(objects) > 30
    assert [name for name, model in objects.items() if model["additionalProperties"] is not False] == []
    assert schema["additionalProperties"] is False
